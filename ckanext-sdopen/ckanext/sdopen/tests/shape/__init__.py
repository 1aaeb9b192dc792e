"""Tests that watch the shape of the project."""
