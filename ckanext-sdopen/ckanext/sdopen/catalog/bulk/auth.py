"""Who may call the bulk actions; what an account may write is asked for each record."""

from typing import Any

import ckan.plugins.toolkit as tk
from ckan.types import AuthResult, Context

__all__ = ["sdopen_entry_bulk_upsert", "sdopen_entry_bulk_withdraw"]


def _with_account(context: Context, data_dict: dict[str, Any] | None) -> AuthResult:
    if context.get("user"):
        return {"success": True}
    return {"success": False, "msg": tk._("Send the token of an account")}


def sdopen_entry_bulk_upsert(context: Context, data_dict: dict[str, Any] | None) -> AuthResult:
    """Every account may send records; rights are those of each record's department."""
    return _with_account(context, data_dict)


def sdopen_entry_bulk_withdraw(context: Context, data_dict: dict[str, Any] | None) -> AuthResult:
    """Every account may ask; rights are those of each entry."""
    return _with_account(context, data_dict)
