"""Who may ask what changed."""

from typing import Any

import ckan.plugins.toolkit as tk
from ckan.types import AuthResult, Context

__all__ = ["sdopen_change_list"]


@tk.auth_allow_anonymous_access
def sdopen_change_list(context: Context, data_dict: dict[str, Any]) -> AuthResult:
    """Everyone: it lists what everyone sees or saw."""
    return {"success": True}
