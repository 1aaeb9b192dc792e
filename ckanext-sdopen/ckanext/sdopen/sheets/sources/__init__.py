"""Readers: one file a format, each gives the tables of a file as rows of texts."""
