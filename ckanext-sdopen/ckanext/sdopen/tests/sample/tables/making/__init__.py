"""Tests of `sample/tables/making`."""
