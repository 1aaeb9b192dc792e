"""A workbook that was read, checked entry by entry."""
