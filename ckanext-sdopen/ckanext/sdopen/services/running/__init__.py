"""Processes started together, watched, and stopped in order."""
