"""CKAN's reads that skip labels, answered from what the caller reads.

In CKAN 2.12 they read tables without asking who may see the rows (logic.action.get).
"""

from typing import Any

import ckan.plugins.toolkit as tk
from ckan import authz, model
from ckan.types import Context

from ckanext.sdopen.access import (
    caller,
    readable,
    visibility,
    withholding,
)

__all__ = [
    "current_package_list_with_resources",
    "member_list",
    "package_relationships_list",
    "resource_view_list",
]


@tk.chained_action
@tk.side_effect_free
def current_package_list_with_resources(
    next_action: Any, context: Context, data_dict: dict[str, Any]
) -> Any:
    """List entries as the caller gets them; CKAN 2.12 searches without the chain of the search."""
    reader = caller.alone(context)
    found = next_action(context, data_dict)
    withholding.strip(reader, found)
    return found


def _members(context: Context, members: list[Any], organization: str) -> list[Any]:
    """Members without entries that the caller does not read, and without accounts for guests."""
    ids = {identity for identity, kind, _ in members if kind == "package"}
    query = model.Session.query(model.Package).filter(model.Package.id.in_(ids))
    seen = {entry.id for entry in (query if ids else ()) if caller.sees(context, entry)}
    inside = authz.has_user_permission_for_group_or_org(organization, context.get("user"), "read")
    return [
        member
        for member in members
        if (member[0] in seen if member[1] == "package" else inside or member[1] != "user")
    ]


@tk.chained_action
@tk.side_effect_free
def member_list(next_action: Any, context: Context, data_dict: dict[str, Any]) -> Any:
    """List the members of a department or topic; of its entries those that the caller reads."""
    members = next_action(context, data_dict)
    if caller.is_trusted(context):
        return members
    return _members(context, members, str(data_dict["id"]))


@tk.chained_action
@tk.side_effect_free
def package_relationships_list(
    next_action: Any, context: Context, data_dict: dict[str, Any]
) -> Any:
    """List the relations of an entry to others that the caller reads, too."""
    for name in ("id", "id2"):
        readable.require(context, readable.ENTRY, data_dict, name)
    found = next_action(context, data_dict)
    return [
        one
        for one in found
        if all(
            (entry := model.Package.get(one[side])) and caller.sees(context, entry)
            for side in ("subject", "object")
        )
    ]


@tk.chained_action
@tk.side_effect_free
def resource_view_list(next_action: Any, context: Context, data_dict: dict[str, Any]) -> Any:
    """List the views of a file; none where the caller does not get the file."""
    entry = readable.require(context, readable.RESOURCE, data_dict, "id")
    views = next_action(context, data_dict)
    shown = entry is None or caller.sees(context, entry, visibility.FILE)
    return views if shown else []
