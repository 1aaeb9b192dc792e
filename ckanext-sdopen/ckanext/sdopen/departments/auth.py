"""Who lists and who merges departments."""

from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.types import AuthResult, Context

from ckanext.sdopen.access.authority import acts_for_authority, governs

__all__ = [
    "member_create",
    "organization_create",
    "sdopen_department_list",
    "sdopen_department_merge",
]


@tk.auth_allow_anonymous_access
def sdopen_department_list(context: Context, data_dict: dict[str, Any] | None) -> AuthResult:
    """Everybody may see which departments there are."""
    return {"success": True}


def sdopen_department_merge(context: Context, data_dict: dict[str, Any] | None) -> AuthResult:
    """The data authority above both departments merges them; neither of the two is above itself."""
    asked = data_dict or {}
    both = [model.Group.get(str(asked.get(name) or "")) for name in ("from", "into")]
    found = [group for group in both if group is not None]
    itself = [group.id for group in found]
    user = context.get("user")
    if len(found) == len(both) and all(
        governs(user, str(group.extras.get("region") or ""), itself) for group in found
    ):
        return {"success": True}
    return {"success": False, "msg": tk._("Only the data authority above both merges departments")}


@tk.chained_auth_function
def organization_create(
    next_auth: Any, context: Context, data_dict: dict[str, Any] | None
) -> AuthResult:
    """A data authority may create departments."""
    if acts_for_authority(context.get("user")):
        return {"success": True}
    return next_auth(context, data_dict)


@tk.chained_auth_function
def member_create(next_auth: Any, context: Context, data_dict: dict[str, Any] | None) -> AuthResult:
    """Where a department stands follows from its region; no member puts it elsewhere."""
    if (data_dict or {}).get("object_type") == "group":
        message = tk._("A department stands under the data authority of its region")
        return {"success": False, "msg": message}
    return next_auth(context, data_dict)
