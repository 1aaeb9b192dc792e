"""Tests of `entries/display`."""
