"""What changed since: entries that everyone sees, and tombstones of those that everyone saw."""
