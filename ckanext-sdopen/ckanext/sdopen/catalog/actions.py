"""Actions on departments and accounts."""

from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.types import ActionResult, Context

from ckanext.sdopen.catalog.authority import acts_for_authority, governing

__all__ = ["organization_create", "organization_update", "sdopen_account_show"]


def _under_its_authority(data_dict: dict[str, Any], organization_id: str | None) -> dict[str, Any]:
    """The department's data with its governing organization as parent, whatever a client sent.

    CKAN lets an administrator of a parent act in its children (roles_that_cascade_to_sub_groups).
    """
    parent = governing(str(data_dict.get("region") or ""), organization_id)
    if parent is None:
        return {key: value for key, value in data_dict.items() if key != "groups"}
    group = model.Group.get(parent)
    return (
        {**data_dict, "groups": [{"name": group.name, "capacity": "public"}]}
        if group
        else data_dict
    )


@tk.chained_action
def organization_create(
    next_action: Any, context: Context, data_dict: dict[str, Any]
) -> ActionResult.OrganizationCreate:
    """Create a department under the data authority of its region."""
    return next_action(context, _under_its_authority(data_dict, data_dict.get("id")))


@tk.chained_action
def organization_update(
    next_action: Any, context: Context, data_dict: dict[str, Any]
) -> ActionResult.OrganizationUpdate:
    """Update a department; it stays under the data authority of its region."""
    organization = model.Group.get(data_dict.get("id"))
    organization_id = organization.id if organization else None
    return next_action(context, _under_its_authority(data_dict, organization_id))


@tk.side_effect_free
def sdopen_account_show(context: Context, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Show the account that asks.

    Returns:
        `{"name", "acts_for_authority"}`: the user's name, and whether it administers a data
        authority, that is, may create departments and publish for them.

    Raises:
        NotAuthorized: no account, or a token that is not valid any more.

    `curl -H "Authorization: $TOKEN" $PORTAL/api/3/action/sdopen_account_show`
    """
    tk.check_access("sdopen_account_show", context, data_dict)
    user = context["user"]
    return {"name": user, "acts_for_authority": acts_for_authority(user)}
