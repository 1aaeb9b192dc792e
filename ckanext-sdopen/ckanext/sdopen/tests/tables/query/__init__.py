"""Tests of `tables.query`."""
