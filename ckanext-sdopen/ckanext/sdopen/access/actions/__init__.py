"""CKAN's reading actions, bounded to what the caller may know."""
