"""Tables that clients write."""
