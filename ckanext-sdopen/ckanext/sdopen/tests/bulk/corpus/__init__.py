"""Tests of `bulk/corpus`."""
