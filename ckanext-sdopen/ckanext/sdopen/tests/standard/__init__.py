"""Tests of `standard`."""
