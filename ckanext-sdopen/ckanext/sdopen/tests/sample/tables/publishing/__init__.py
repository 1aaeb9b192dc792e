"""Tests of `sample/tables/publishing`."""
