"""Tests of the processes that work."""
