"""Tests of what was typed."""
