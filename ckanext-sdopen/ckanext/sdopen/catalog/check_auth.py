"""Who may check entries and read code lists and templates: everyone."""

from typing import Any

import ckan.plugins.toolkit as tk
from ckan.types import AuthResult, Context

__all__ = [
    "sdopen_catalog_check",
    "sdopen_codelist_list",
    "sdopen_codelist_show",
    "sdopen_template_show",
]


@tk.auth_allow_anonymous_access
def sdopen_catalog_check(context: Context, data_dict: dict[str, Any] | None) -> AuthResult:
    """Nothing is saved, and nothing of others is told."""
    return {"success": True}


@tk.auth_allow_anonymous_access
def sdopen_codelist_list(context: Context, data_dict: dict[str, Any] | None) -> AuthResult:
    """Code lists are public."""
    return {"success": True}


@tk.auth_allow_anonymous_access
def sdopen_codelist_show(context: Context, data_dict: dict[str, Any] | None) -> AuthResult:
    """Code lists are public."""
    return {"success": True}


@tk.auth_allow_anonymous_access
def sdopen_template_show(context: Context, data_dict: dict[str, Any] | None) -> AuthResult:
    """The standard is public."""
    return {"success": True}
