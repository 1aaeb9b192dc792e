"""Differences of versions."""
