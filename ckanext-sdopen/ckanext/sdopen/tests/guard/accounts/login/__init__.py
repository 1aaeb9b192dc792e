"""Tests of `guard/accounts/login`."""
