"""Tables of entries: what is written to them, downloads."""
