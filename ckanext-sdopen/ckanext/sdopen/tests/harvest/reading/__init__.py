"""Tests of `harvest/reading`."""
