"""Which entries beside the exact ones come near a question."""
