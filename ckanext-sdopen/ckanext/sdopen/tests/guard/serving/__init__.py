"""Tests of `guard/serving`."""
