"""Who publishes what clients wrote."""

from typing import Any

import ckan.plugins.toolkit as tk
from ckan import authz
from ckan.types import AuthResult, Context

from ckanext.sdopen.access import readable

__all__ = ["sdopen_table_publish"]


def sdopen_table_publish(context: Context, data_dict: dict[str, Any] | None) -> AuthResult:
    """Who may change the entry publishes its tables."""
    reference = (data_dict or {}).get("resource_id")
    entry = readable.entry_by_reference(readable.RESOURCE, reference)
    if entry is None:
        return {"success": False, "msg": tk._("There is none, or you may not read it")}
    return authz.is_authorized("package_update", context, {"id": entry.id})
