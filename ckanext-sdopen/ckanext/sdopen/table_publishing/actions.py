"""Tables of the DataStore: what the gate lets through, no column of an item that is narrower.

Who reads one that not everybody may have is told to the audit log.
"""

from collections.abc import Mapping
from typing import Any

import ckan.plugins.toolkit as tk
from ckan.types import Context

from ckanext.sdopen.access import entry_facts, readable, visibility
from ckanext.sdopen.entries import gate, gated
from ckanext.sdopen.entries.files import arriving
from ckanext.sdopen.optional_plugins import of_plugin
from ckanext.sdopen.table_publishing import downloads
from ckanext.sdopen.table_publishing.written import standing
from ckanext.sdopen.tables import closed_columns

__all__ = [
    "datastore_create",
    "datastore_delete",
    "datastore_records_delete",
    "datastore_run_triggers",
    "datastore_search",
    "datastore_upsert",
]


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
        return readable.ENTRY, str(resource["package_id"])
    return readable.TABLE, str(data_dict.get("resource_id") or data_dict.get("id") or "")


def _refuse_loaded(reference: str) -> None:
    """Refuse to write into a table that was loaded from a file: its versions never change."""
    if standing.loaded(reference) is not None:
        message = tk._(
            "This table is loaded from a file and never changes; hand in a new version of the "
            "file instead, or remove the file with its table"
        )
        raise tk.ValidationError({"resource_id": [message]})


def _checked(context: Context, data_dict: dict[str, Any], action: str) -> None:
    kind, reference = _entry_of(data_dict)
    if not reference:
        return
    readable.require(context, kind, {"id": reference}, "id")
    entry = readable.entry_by_reference(kind, reference)
    if entry is not None:
        # who may not write learns nothing of the columns
        tk.check_access("package_update", context, {"id": entry.id})
        _refuse_loaded(reference)
        closed_columns.refuse_columns(entry.id, _columns(data_dict))
        # a new file with its table is a save of the entry, about which that asks
        if kind == readable.TABLE and entry_facts.is_entry(entry):
            table = data_dict.get("resource_id") or data_dict.get("id")
            gated.require(context, entry, gate.TABLE, resource_id=table, action=action)


def _written(action: str) -> Any:
    """An action that writes a table, before which rights, columns and the gate are asked."""

    @of_plugin("datastore")
    @tk.chained_action
    def write(next_action: Any, context: Context, data_dict: dict[str, Any]) -> Any:
        """Write a table whose entry may be written."""
        _checked(context, data_dict, action)
        with arriving.datastore_fills():
            return next_action(context, data_dict)

    return write


datastore_create = _written("datastore_create")
datastore_upsert = _written("datastore_upsert")
datastore_delete = _written("datastore_delete")
datastore_records_delete = _written("datastore_records_delete")


@of_plugin("datastore")
@tk.chained_action
def datastore_run_triggers(next_action: Any, context: Context, data_dict: dict[str, Any]) -> Any:
    """Refuse to run functions of the database over a table; who may not write it learns no more."""
    _checked(context, data_dict, "datastore_run_triggers")
    message = tk._("The portal runs no triggers over tables; write the rows as they should be")
    raise tk.ValidationError({"resource_id": [message]})


@of_plugin("datastore")
@tk.side_effect_free
@tk.chained_action
def datastore_search(next_action: Any, context: Context, data_dict: dict[str, Any]) -> Any:
    """Rows of a table that the caller may read; absent and unreadable ones get one answer."""
    names = ("resource_id", "id")
    readable.require(context, readable.TABLE, data_dict, *names, part=visibility.TABLE)
    asked = dict(data_dict)
    found = next_action(context, data_dict)
    # without rows and conditions it tells the columns and how many there are, as datastore_info
    if found["limit"] or asked.get("q") or asked.get("filters"):
        downloads.note(str(next(asked[name] for name in names if asked.get(name))))
    return found
