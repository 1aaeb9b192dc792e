"""Who may do what with departments and entries, beyond CKAN's own rules."""

from typing import Any

import ckan.plugins.toolkit as tk
from ckan.types import AuthResult, Context

from ckanext.sdopen.catalog.authority import acts_for_authority

__all__ = ["organization_create", "sdopen_account_show"]


@tk.chained_auth_function
def organization_create(
    next_auth: Any, context: Context, data_dict: dict[str, Any] | None
) -> AuthResult:
    """A data authority may create departments."""
    if acts_for_authority(context.get("user")):
        return {"success": True}
    return next_auth(context, data_dict)


def sdopen_account_show(context: Context, data_dict: dict[str, Any] | None) -> AuthResult:
    """Every account may ask who it is."""
    return {"success": bool(context.get("user"))}
