"""Tests of `sample/tables/generating`."""
