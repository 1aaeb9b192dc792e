"""The catalog that an interface serves, as the check of the interface asks for it."""

import json
from collections.abc import Mapping
from typing import Any

from ckan import model


def catalog_of(reference: Any) -> model.Package | None:
    """The catalog of an id, a name or an address."""
    name = str(reference or "").rstrip("/").rsplit("/", 1)[-1]
    entry = model.Package.get(name) if name else None
    return entry if entry is not None and entry.type == "dataset" else None


def items_of(interface: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The items of the catalog that an interface serves; none where it serves none."""
    if not isinstance(interface.get("response_fields"), list):
        return []
    catalog = catalog_of(interface.get("catalog"))
    stored = catalog.extras.get("info_items") if catalog else None
    if isinstance(stored, str):
        stored = json.loads(stored)
    return [item for item in stored or [] if isinstance(item, dict)]
