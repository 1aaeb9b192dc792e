"""Who takes a file away at once."""

from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.types import AuthResult, Context

from ckanext.sdopen.access.authority import governs
from ckanext.sdopen.entries.files.owners import entry_of_file

__all__ = ["sdopen_file_erase"]


def sdopen_file_erase(context: Context, data_dict: dict[str, Any] | None) -> AuthResult:
    """The data authority of the entry's region, or of one above; nobody else learns of the file."""
    entry = model.Session.get(model.Package, entry_of_file(str((data_dict or {}).get("id") or "")))
    region = str(entry.extras.get("region") or "") if entry else ""
    if entry and governs(context.get("user"), region):
        return {"success": True}
    return {"success": False, "msg": tk._("Only the data authority of its region does this")}
