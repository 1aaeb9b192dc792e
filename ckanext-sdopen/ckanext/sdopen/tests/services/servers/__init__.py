"""Tests of `services/servers`."""
