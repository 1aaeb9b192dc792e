"""From the bytes of a file to the entries that it means."""
