"""Who may call the batches of departments and topics; rights are asked for each record."""

from typing import Any

import ckan.plugins.toolkit as tk
from ckan.types import AuthResult, Context

__all__ = ["sdopen_department_bulk_upsert", "sdopen_topic_bulk_upsert"]


def sdopen_department_bulk_upsert(context: Context, data_dict: dict[str, Any] | None) -> AuthResult:
    """Every account may send records; rights are those of each department."""
    if context.get("user"):
        return {"success": True}
    return {"success": False, "msg": tk._("Send the token of an account")}


def sdopen_topic_bulk_upsert(context: Context, data_dict: dict[str, Any] | None) -> AuthResult:
    """Every account may send records; rights are those of each topic."""
    return sdopen_department_bulk_upsert(context, data_dict)
