"""Files of rows that the tests read."""
