"""Tests of the contents pages."""
