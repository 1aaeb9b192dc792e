"""Tests of `index/drain`."""
