"""Tests of `index/rebuild`."""
