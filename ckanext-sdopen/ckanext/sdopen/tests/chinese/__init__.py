"""Tests of `chinese`."""
