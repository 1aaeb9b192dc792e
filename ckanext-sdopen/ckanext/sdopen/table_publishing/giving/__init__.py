"""Loaded tables at addresses of their own: as files, and as pages for people."""
