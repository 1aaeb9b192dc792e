"""Tests of `table_publishing/bundles`."""
