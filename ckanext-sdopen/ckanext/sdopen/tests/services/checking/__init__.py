"""Tests of `services/checking`."""
