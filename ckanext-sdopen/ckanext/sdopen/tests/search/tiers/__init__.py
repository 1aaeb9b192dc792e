"""Tests of nearness."""
