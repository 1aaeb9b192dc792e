"""Tests of `identifiers`."""
