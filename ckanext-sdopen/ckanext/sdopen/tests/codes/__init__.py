"""Tests of the codes scripts."""
