"""Catalogs as one zip: rows, metadata, what the columns are, terms, checksums."""
