"""Tests of `table_reader`."""
