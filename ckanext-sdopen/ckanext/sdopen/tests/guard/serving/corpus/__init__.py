"""Small applications for the real web server."""
