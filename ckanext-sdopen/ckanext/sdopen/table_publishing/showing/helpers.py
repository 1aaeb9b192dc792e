"""What the page of a resource tells those who may edit its entry of the load of its table."""

from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model

from ckanext.sdopen.table_publishing.loading import source

__all__ = ["sdopen_table_load_standing"]

_SHOWN = 20


def sdopen_table_load_standing(resource_id: str) -> dict[str, Any] | None:
    """`sdopen_table_show` with the first findings; None for who may not edit, or without a file."""
    resource = model.Session.get(model.Resource, resource_id)
    if resource is None:
        return None
    asked = {"resource_id": resource_id}
    try:
        tk.check_access("sdopen_table_load", {}, dict(asked))
        told = tk.get_action("sdopen_table_show")({}, dict(asked))
    except (tk.NotAuthorized, tk.ObjectNotFound):
        return None
    if source.of(resource) is None and not any(told[one] for one in ("last", "version", "written")):
        return None
    found: list[Any] = []
    if told["last"] and told["last"]["summary"].get("bad_cells"):
        page = tk.get_action("sdopen_table_findings")({}, {**asked, "limit": _SHOWN})
        found = page["findings"]
    can_load = source.of(resource) is not None
    return {**told, "findings": found, "can_load": can_load, "can_publish": told["written"]}
