"""Who loads tables and reads their findings; rows and versions are for the table's readers."""

from typing import Any

import ckan.plugins.toolkit as tk
from ckan import authz
from ckan.types import AuthResult, Context

from ckanext.sdopen.access import readable

__all__ = [
    "sdopen_table_findings",
    "sdopen_table_load",
    "sdopen_table_query",
    "sdopen_table_show",
]


def _of_editors(context: Context, data_dict: dict[str, Any] | None) -> AuthResult:
    reference = (data_dict or {}).get("resource_id")
    entry = readable.entry_by_reference(readable.RESOURCE, reference)
    if entry is None:
        return {"success": False, "msg": tk._("There is none, or you may not read it")}
    return authz.is_authorized("package_update", context, {"id": entry.id})


def sdopen_table_load(context: Context, data_dict: dict[str, Any] | None) -> AuthResult:
    """Who may change the entry loads its tables."""
    return _of_editors(context, data_dict)


def sdopen_table_findings(context: Context, data_dict: dict[str, Any] | None) -> AuthResult:
    """Findings quote the file: they are for who may change the entry."""
    return _of_editors(context, data_dict)


@tk.auth_allow_anonymous_access
def sdopen_table_show(context: Context, data_dict: dict[str, Any] | None) -> AuthResult:
    """Everybody may ask; the action tells of tables to their readers only."""
    return {"success": True}


@tk.auth_allow_anonymous_access
def sdopen_table_query(context: Context, data_dict: dict[str, Any] | None) -> AuthResult:
    """Everybody may ask; the action tells of tables to their readers only."""
    return {"success": True}
