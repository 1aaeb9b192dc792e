"""Counts of what many do: added in Redis, brought into PostgreSQL from time to time."""
