"""Tests of `linked_data/corpus`."""
