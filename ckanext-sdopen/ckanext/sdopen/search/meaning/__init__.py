"""Subjects that mean much the same as a question, by a small model; the search works without it."""
