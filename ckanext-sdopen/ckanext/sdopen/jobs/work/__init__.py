"""The processes that do background work."""
