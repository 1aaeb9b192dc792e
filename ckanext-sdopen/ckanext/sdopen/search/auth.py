"""Who may read and change the synonym table."""

from typing import Any

import ckan.plugins.toolkit as tk
from ckan.types import AuthResult, Context

from ckanext.sdopen.access.authority import acts_for_authority

__all__ = ["sdopen_synonyms_show", "sdopen_synonyms_update"]


@tk.auth_allow_anonymous_access
def sdopen_synonyms_show(context: Context, data_dict: dict[str, Any] | None) -> AuthResult:
    """Everybody may read which words stand for which."""
    return {"success": True}


def sdopen_synonyms_update(context: Context, data_dict: dict[str, Any] | None) -> AuthResult:
    """Data authorities change the table; system administrators may always."""
    if acts_for_authority(context.get("user")):
        return {"success": True}
    return {"success": False, "msg": tk._("Only a data authority may change the synonyms.")}
