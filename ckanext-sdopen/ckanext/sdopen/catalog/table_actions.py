"""Tables of the DataStore: no column of an item that is narrower than its catalog."""

from collections.abc import Mapping
from typing import Any

import ckan.plugins.toolkit as tk
from ckan.types import Context

from ckanext.sdopen.catalog import existence, narrower
from ckanext.sdopen.catalog.optional import of_plugin


def _rows(data_dict: Mapping[str, Any], name: str) -> list[Any]:
    rows = data_dict.get(name)
    return rows if isinstance(rows, list) else []


def _columns(data_dict: Mapping[str, Any]) -> set[str]:
    """Every column that a request names: of its fields, their labels and its records."""
    found: set[str] = set()
    for field in _rows(data_dict, "fields"):
        if isinstance(field, Mapping):
            info = field.get("info")
            label = info.get("label") if isinstance(info, Mapping) else None
            found |= {str(text) for text in (field.get("id"), label) if text}
    for record in _rows(data_dict, "records"):
        if isinstance(record, Mapping):
            found |= {str(name) for name in record}
    return found


def _entry_of(data_dict: Mapping[str, Any]) -> tuple[str, str]:
    """(kind, id) of what a request is about: a resource, or the entry that gets a new one."""
    resource = data_dict.get("resource")
    if isinstance(resource, Mapping) and resource.get("package_id"):
        return existence.ENTRY, str(resource["package_id"])
    return existence.TABLE, str(data_dict.get("resource_id") or data_dict.get("id") or "")


def _checked(context: Context, data_dict: dict[str, Any]) -> None:
    kind, reference = _entry_of(data_dict)
    if not reference:
        return
    existence.require(context, kind, {"id": reference}, "id")
    entry = existence.found(kind, reference)
    if entry is not None:
        # who may not write learns nothing of the columns
        tk.check_access("package_update", context, {"id": entry.id})
        narrower.refuse_columns(entry.id, _columns(data_dict))


@of_plugin("datastore")
@tk.chained_action
def datastore_create(next_action: Any, context: Context, data_dict: dict[str, Any]) -> Any:
    """Make a table, or change its columns or rows."""
    _checked(context, data_dict)
    return next_action(context, data_dict)


@of_plugin("datastore")
@tk.chained_action
def datastore_upsert(next_action: Any, context: Context, data_dict: dict[str, Any]) -> Any:
    """Add or change rows of a table."""
    _checked(context, data_dict)
    return next_action(context, data_dict)
