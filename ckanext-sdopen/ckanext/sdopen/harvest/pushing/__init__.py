"""Records on their way to a portal: by batches or by single actions."""
