"""Tests of `tables/comparing`."""
