"""Files of tables, the catalog that they belong to, and workers that load them."""
