"""Tests of `numbering`."""
