"""Tests of tables whose maker is killed."""
