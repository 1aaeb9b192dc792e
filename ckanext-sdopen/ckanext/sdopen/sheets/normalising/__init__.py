"""From the rows of a sheet to a table: header, layout, body, what stands below."""
