"""What a machine needs, found or installed."""
