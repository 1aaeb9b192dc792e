"""Written tables: a working copy in PostgreSQL that clients write, and versions made of it."""
