"""Who may see which account asks: whoever has one."""

from typing import Any

from ckan.types import AuthResult, Context

__all__ = ["sdopen_account_show"]


def sdopen_account_show(context: Context, data_dict: dict[str, Any] | None) -> AuthResult:
    """Every account may ask who it is."""
    return {"success": bool(context.get("user"))}
