"""An organization changed, deleted or purged by CKAN's actions for groups is still a department.

CKAN takes either kind by both families of actions, and the one for groups asks no more than that
the caller administers the group: what only a data authority settles would be settled without it.
"""

from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.types import Context

__all__ = ["group_delete", "group_purge", "group_update", "organization_delete"]


def _by_its_kind(
    action: str, other: str, next_action: Any, context: Context, data_dict: dict[str, Any]
) -> Any:
    """Do what `action` does; what is of the other kind by the action of that kind, `other`."""
    group = model.Group.get(data_dict.get("id"))
    if group is None or bool(group.is_organization) is action.startswith("organization_"):
        return next_action(context, data_dict)
    tk.check_access(action, context, data_dict)
    return tk.get_action(other)(context, data_dict)


@tk.chained_action
def group_update(next_action: Any, context: Context, data_dict: dict[str, Any]) -> Any:
    """Update a topic; a department by the rules of departments."""
    return _by_its_kind("group_update", "organization_update", next_action, context, data_dict)


@tk.chained_action
def group_delete(next_action: Any, context: Context, data_dict: dict[str, Any]) -> Any:
    """Delete a topic; a department by the rules of departments."""
    return _by_its_kind("group_delete", "organization_delete", next_action, context, data_dict)


@tk.chained_action
def group_purge(next_action: Any, context: Context, data_dict: dict[str, Any]) -> Any:
    """Purge a topic; a department by the rules of departments."""
    return _by_its_kind("group_purge", "organization_purge", next_action, context, data_dict)


@tk.chained_action
def organization_delete(next_action: Any, context: Context, data_dict: dict[str, Any]) -> Any:
    """Delete a department; a topic by the rules of topics."""
    return _by_its_kind("organization_delete", "group_delete", next_action, context, data_dict)
