"""The rows of a catalog as one SELECT of DuckDB: each item an expression of the row's number."""
