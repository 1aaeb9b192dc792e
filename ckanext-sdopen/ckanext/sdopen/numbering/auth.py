"""Who takes, gives up and lists codes, and who maintains the classification."""

from typing import Any

import ckan.plugins.toolkit as tk
from ckan import authz, model
from ckan.types import AuthResult, Context

from ckanext.sdopen.access import labels
from ckanext.sdopen.access.authority import governs

__all__ = [
    "sdopen_classification_show",
    "sdopen_classification_update",
    "sdopen_code_alias_create",
    "sdopen_code_alias_list",
    "sdopen_code_allocate",
    "sdopen_code_list",
    "sdopen_code_show",
    "sdopen_code_void",
]


def sdopen_code_allocate(context: Context, data_dict: dict[str, Any] | None) -> AuthResult:
    """Who may create entries of a department takes numbers for it."""
    organization = str((data_dict or {}).get("owner_org") or "")
    user = context.get("user")
    if authz.has_user_permission_for_group_or_org(organization, user, "create_dataset"):
        return {"success": True}
    return {"success": False, "msg": tk._("You may not take codes for this department")}


def _governing(context: Context, data_dict: dict[str, Any] | None) -> AuthResult:
    if governs(context.get("user"), str((data_dict or {}).get("region") or "")):
        return {"success": True}
    return {"success": False, "msg": tk._("Only the data authority of the region may do this")}


def sdopen_code_void(context: Context, data_dict: dict[str, Any] | None) -> AuthResult:
    """The data authority of the region gives numbers up."""
    return _governing(context, data_dict)


def sdopen_code_alias_create(context: Context, data_dict: dict[str, Any] | None) -> AuthResult:
    """The data authority of the entry's region re-codes."""
    return _governing(context, data_dict)


def sdopen_classification_update(context: Context, data_dict: dict[str, Any] | None) -> AuthResult:
    """The data authority of a region maintains its classification."""
    return _governing(context, data_dict)


def sdopen_code_list(context: Context, data_dict: dict[str, Any] | None) -> AuthResult:
    """Government accounts see which numbers are taken."""
    user = model.User.get(context.get("user"))
    return {"success": labels.GOVERNMENT in labels.user_labels(user)}


@tk.auth_allow_anonymous_access
def sdopen_code_show(context: Context, data_dict: dict[str, Any] | None) -> AuthResult:
    """Everyone may take a code apart."""
    return {"success": True}


@tk.auth_allow_anonymous_access
def sdopen_classification_show(context: Context, data_dict: dict[str, Any] | None) -> AuthResult:
    """Everyone may read the classification."""
    return {"success": True}


@tk.auth_allow_anonymous_access
def sdopen_code_alias_list(context: Context, data_dict: dict[str, Any] | None) -> AuthResult:
    """Who reads an entry reads its other codes."""
    return {"success": True}
