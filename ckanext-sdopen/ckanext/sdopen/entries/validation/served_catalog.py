"""The catalog that an interface serves, as the check of the interface asks for it."""

import json
from collections.abc import Mapping
from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.types import Context


def catalog_of(reference: Any) -> model.Package | None:
    """The catalog of an id, a name or an address."""
    name = str(reference or "").rstrip("/").rsplit("/", 1)[-1]
    entry = model.Package.get(name) if name else None
    return entry if entry is not None and entry.type == "dataset" else None


def is_readable(catalog: model.Package, context: Context) -> bool:
    """Whether the caller may read the catalog."""
    if context.get("ignore_auth"):
        return True
    try:
        tk.check_access("package_show", {"user": context.get("user", "")}, {"id": catalog.id})
    except tk.NotAuthorized:
        return False
    return True


def readable_items(context: Context, interface: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The items of the catalog served, none where the caller may not read it."""
    catalog = catalog_of(interface.get("catalog"))
    readable = catalog if catalog and is_readable(catalog, context) else None
    return items_of_catalog(readable, interface)


def items_of_catalog(
    catalog: model.Package | None, interface: Mapping[str, Any]
) -> list[dict[str, Any]]:
    """The items of the catalog that an interface serves; none where it serves none."""
    if not isinstance(interface.get("response_fields"), list):
        return []
    stored = catalog.extras.get("info_items") if catalog else None
    if isinstance(stored, str):
        stored = json.loads(stored)
    return [item for item in stored or [] if isinstance(item, dict)]
