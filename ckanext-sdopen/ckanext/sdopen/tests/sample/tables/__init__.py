"""Tests of `sample/tables`."""
