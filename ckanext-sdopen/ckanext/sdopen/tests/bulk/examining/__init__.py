"""Tests of `bulk/examining`."""
