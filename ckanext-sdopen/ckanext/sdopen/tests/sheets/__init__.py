"""Tests of the files of rows."""
