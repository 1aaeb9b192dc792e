"""A search while the index is away: what the narrow table can answer."""
