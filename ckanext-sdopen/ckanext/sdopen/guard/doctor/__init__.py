"""The doctor: what of a portal is out of order or unsafe, and what to do about it."""
