"""Tests of the catalog scripts."""
