"""Tests of tables: findings."""
