"""Tests of `bench/faults`."""
