"""Tests of `guard/accounts/passwords`."""
