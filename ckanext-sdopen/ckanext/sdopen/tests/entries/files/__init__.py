"""Tests of files of entries."""
