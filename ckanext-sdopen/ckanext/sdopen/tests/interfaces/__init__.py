"""Tests of the interfaces scripts."""
