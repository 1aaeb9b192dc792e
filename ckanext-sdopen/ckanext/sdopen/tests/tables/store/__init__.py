"""Tests of tables: store."""
