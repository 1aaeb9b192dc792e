"""Tests of `bulk/writing`."""
