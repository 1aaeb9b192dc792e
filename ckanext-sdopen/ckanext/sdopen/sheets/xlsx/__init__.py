"""The inside of an xlsx: its archive, its parts, the rows of a sheet."""
