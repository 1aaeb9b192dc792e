"""Tests of `tables/confined`."""
