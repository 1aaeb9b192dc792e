"""Files of entries: what is taken, where it is kept, who says what of it, when it goes."""
