"""Tests of `entries/validation`."""
