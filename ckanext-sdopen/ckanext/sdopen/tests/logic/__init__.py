"""Tests of the logic scripts."""
