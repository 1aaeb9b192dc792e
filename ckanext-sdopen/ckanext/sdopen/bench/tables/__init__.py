"""Published tables: how fast they are made and read."""
