"""What is different between two versions of a table."""

PURE = True
