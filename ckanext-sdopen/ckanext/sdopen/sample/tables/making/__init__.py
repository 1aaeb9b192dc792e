"""The tables of the sample's open catalogs, made as Parquet."""
