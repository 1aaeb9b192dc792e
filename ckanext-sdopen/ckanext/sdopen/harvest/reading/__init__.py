"""A department's file, read and mapped to records."""
