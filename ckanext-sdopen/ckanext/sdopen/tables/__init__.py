"""Tables of entries: columns, and which of them stay closed."""
