"""Tests of `services/running`."""
