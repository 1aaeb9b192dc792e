"""Members of departments: an account of many departments is indexed anew when they change."""

from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.types import Context

from ckanext.sdopen.catalog import existence, labels, scope_index, scopes


def _changed(data_dict: dict[str, Any]) -> None:
    """Index for an account that has more labels than a query takes."""
    if data_dict.get("object_type") != "user":
        return
    scopes.forget()
    user = model.User.get(str(data_dict.get("object") or ""))
    if user is not None and len(labels.all_user_labels(user)) > scopes.MOST:
        tk.enqueue_job(scope_index.index_for, [user.id], title=f"index for account {user.name}")


def _entry_must_be_readable(context: Context, data_dict: dict[str, Any]) -> None:
    if data_dict.get("object_type") == "package":
        existence.require(context, existence.ENTRY, data_dict, "object")


@tk.chained_action
def member_create(next_action: Any, context: Context, data_dict: dict[str, Any]) -> Any:
    """Make an object a member of a department or topic."""
    _entry_must_be_readable(context, data_dict)
    made = next_action(context, data_dict)
    _changed(data_dict)
    return made


@tk.chained_action
def member_delete(next_action: Any, context: Context, data_dict: dict[str, Any]) -> Any:
    """End a membership."""
    _entry_must_be_readable(context, data_dict)
    ended = next_action(context, data_dict)
    _changed(data_dict)
    return ended
