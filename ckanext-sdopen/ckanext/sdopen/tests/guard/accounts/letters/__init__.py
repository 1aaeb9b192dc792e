"""Tests of `guard/accounts/letters`."""
