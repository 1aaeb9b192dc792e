"""The process that reads published tables: DuckDB behind HTTP on loopback, which writes nothing."""
