"""Which addresses templates give as links."""

from typing import Any

import ckan.plugins.toolkit as tk

from ckanext.sdopen.standard import addresses

__all__ = ["is_url"]


@tk.chained_helper
def is_url(next_helper: Any, *args: Any, **kw: Any) -> bool:
    """Whether CKAN's pages give an address as a link: the portal's own, or a sound one."""
    url = str(args[0]) if args else ""
    own = str(tk.config["ckan.site_url"]).rstrip("/") + "/"
    return bool(next_helper(*args, **kw)) and (url.startswith(own) or addresses.is_address(url))
