"""Who lists and who merges departments."""

from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.types import AuthResult, Context

from ckanext.sdopen.catalog.authority import governs

__all__ = ["sdopen_department_list", "sdopen_department_merge"]


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
