"""Who may call the bulk actions; what an account may write is asked for each record."""

from typing import Any

import ckan.plugins.toolkit as tk
from ckan import authz
from ckan.types import AuthResult, Context

__all__ = ["sdopen_bulk_commit", "sdopen_entry_bulk_upsert", "sdopen_entry_bulk_withdraw"]


def writes_somewhere(context: Context) -> AuthResult:
    """Whoever creates entries in some department: what others would send is refused anyway."""
    if authz.has_user_permission_for_some_org(context.get("user"), "create_dataset"):
        return {"success": True}
    return {"success": False, "msg": tk._("Send the token of an account of a department")}


def sdopen_entry_bulk_upsert(context: Context, data_dict: dict[str, Any] | None) -> AuthResult:
    """Accounts of departments send records; rights are those of each record's department."""
    return writes_somewhere(context)


def sdopen_entry_bulk_withdraw(context: Context, data_dict: dict[str, Any] | None) -> AuthResult:
    """Accounts of departments ask; rights are those of each entry."""
    return writes_somewhere(context)


def sdopen_bulk_commit(context: Context, data_dict: dict[str, Any] | None) -> AuthResult:
    """Who writes may wait for what was written."""
    return writes_somewhere(context)
