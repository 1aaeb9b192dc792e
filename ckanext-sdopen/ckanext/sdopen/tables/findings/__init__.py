"""What is wrong with the cells of a table: rules as SQL, and what is said of what they find."""

PURE = True
