"""What is decided about accounts without asking anybody: passwords, codes, addresses."""

PURE = True
