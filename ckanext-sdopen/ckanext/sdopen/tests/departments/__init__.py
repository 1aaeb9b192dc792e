"""Tests of `departments`."""
