"""Tests of `services/install`."""
