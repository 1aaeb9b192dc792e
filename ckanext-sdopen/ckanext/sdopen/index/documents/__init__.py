"""Documents of the index, made as CKAN makes them, a batch at a time."""
