"""What is wrong in a table, given back: in the department's own workbook, and as its wrong rows."""

PURE = True
