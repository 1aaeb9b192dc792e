"""Differences of two versions of a table: made once by a worker, kept for a while, told by rows."""
