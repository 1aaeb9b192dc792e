"""Lists of tags and completion of names, of what the caller reads."""
