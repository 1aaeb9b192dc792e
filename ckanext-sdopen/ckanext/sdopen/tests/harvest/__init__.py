"""Tests of the harvest scripts."""
