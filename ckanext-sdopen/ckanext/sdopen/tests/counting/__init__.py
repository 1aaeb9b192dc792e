"""Tests of `counting/`."""
