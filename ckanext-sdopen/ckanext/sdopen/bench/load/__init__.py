"""Many clients at a time on a running portal."""
