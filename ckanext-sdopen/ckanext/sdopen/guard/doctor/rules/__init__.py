"""What the doctor finds wrong, judged from facts alone."""

PURE = True
