"""Tests of `table_publishing`."""
