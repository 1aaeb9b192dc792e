"""Tests of tables: typing."""
