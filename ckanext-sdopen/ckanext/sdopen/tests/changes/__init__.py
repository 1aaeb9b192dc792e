"""Tests of the changes and their tombstones."""
