"""Tests of `guard/accounts`."""
