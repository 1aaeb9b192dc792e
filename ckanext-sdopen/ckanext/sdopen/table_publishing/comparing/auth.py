"""Who compares versions: whoever may read the table."""

from typing import Any

import ckan.plugins.toolkit as tk
from ckan.types import AuthResult, Context

__all__ = ["sdopen_table_compare"]


@tk.auth_allow_anonymous_access
def sdopen_table_compare(context: Context, data_dict: dict[str, Any] | None) -> AuthResult:
    """Everybody may ask; the action tells of tables to their readers only."""
    return {"success": True}
