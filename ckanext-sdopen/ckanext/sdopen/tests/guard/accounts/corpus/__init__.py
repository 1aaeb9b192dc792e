"""Tests of `guard/accounts/corpus`."""
