"""CKAN's actions that end a membership, for a department or topic that there is none of.

CKAN 2.12 asserts that there is one, so the answer was an error page; a release whose
`_group_or_org_member_delete` says "not found" ends this file.
"""

from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.types import Context

__all__ = ["group_member_delete", "organization_member_delete"]


def _ended(name: str, next_action: Any, context: Context, data_dict: dict[str, Any]) -> Any:
    tk.check_access(name, context, data_dict)
    reference = tk.get_or_bust(data_dict, "id")
    if model.Group.get(reference) is None:
        raise tk.ObjectNotFound
    return next_action(context, data_dict)


@tk.chained_action
def group_member_delete(next_action: Any, context: Context, data_dict: dict[str, Any]) -> Any:
    """End a user's membership of a topic."""
    return _ended("group_member_delete", next_action, context, data_dict)


@tk.chained_action
def organization_member_delete(
    next_action: Any, context: Context, data_dict: dict[str, Any]
) -> Any:
    """End a user's membership of a department."""
    return _ended("organization_member_delete", next_action, context, data_dict)
