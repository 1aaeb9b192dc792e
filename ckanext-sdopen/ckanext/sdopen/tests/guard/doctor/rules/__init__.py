"""Tests of `guard/accounts/rules`."""
