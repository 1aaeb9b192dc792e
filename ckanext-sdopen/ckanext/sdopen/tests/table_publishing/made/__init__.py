"""Tests of `table_publishing/made`."""
