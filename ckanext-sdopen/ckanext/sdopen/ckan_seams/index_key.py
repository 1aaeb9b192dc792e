"""The key under which the index holds a package."""

import hashlib

import ckan.plugins.toolkit as tk


def index_id(entry_id: str) -> str:
    """The key of a package's document, as CKAN makes it (ckan.lib.search.index)."""
    whole = f"{entry_id}{tk.config['ckan.site_id']}"
    return hashlib.md5(whole.encode(), usedforsecurity=False).hexdigest()
