"""Tests of `sample/loading`."""
