"""Tests of `harvest/pushing`."""
