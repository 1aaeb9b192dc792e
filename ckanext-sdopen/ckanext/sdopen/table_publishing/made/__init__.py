"""Files of tables that are made once and kept: workbooks, XML, GeoJSON, smaller CSVs."""
