"""Tests of `entries`."""
