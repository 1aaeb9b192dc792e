"""Tests of tables: making."""
