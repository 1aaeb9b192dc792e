"""Tables at addresses of their own."""
