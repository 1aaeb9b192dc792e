"""Tests of `sample/entries`."""
