"""Any file of rows as strangers hand it in, read as tables: `reading.read`."""
