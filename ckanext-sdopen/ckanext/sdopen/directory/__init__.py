"""The directory: the narrow table of entries, the outbox of the index."""
