"""Types of columns: of the catalog's items, and a safe guess where nothing is declared."""

PURE = True
