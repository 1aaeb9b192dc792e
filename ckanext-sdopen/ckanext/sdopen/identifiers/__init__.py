"""Ids, names and codes derived from what never changes; pure."""
