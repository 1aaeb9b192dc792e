"""Members of departments: an account of many departments is indexed anew when they change."""

from contextlib import AbstractContextManager, nullcontext
from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.types import Context

from ckanext.sdopen.access import creators, readable, scopes
from ckanext.sdopen.audit import log
from ckanext.sdopen.audit.kinds import Kind
from ckanext.sdopen.audit.log import Event
from ckanext.sdopen.index import scope_changes

__all__ = ["member_create", "member_delete"]


def _note_change(data_dict: dict[str, Any], more: int) -> None:
    """Note in the membership's transaction that an account may get or lose a scope."""
    if data_dict.get("object_type") != "user":
        return
    user = model.User.get(str(data_dict.get("object") or ""))
    if user is not None:
        scope_changes.note_membership(user, more)


def _told(context: Context, data_dict: dict[str, Any]) -> AbstractContextManager[None]:
    """While an account gets, loses or changes a role: the audit log tells it with the change."""
    if data_dict.get("object_type") != "user":
        return nullcontext()
    user = model.User.get(str(data_dict.get("object") or ""))
    details = {"department": data_dict.get("id"), "role": data_dict.get("capacity")}
    event = Event(Kind.ROLE_CHANGE, user.id if user else "", "user", details=details)
    return log.recorded(event, user=str(context.get("user") or ""))


def _entry_must_be_readable(context: Context, data_dict: dict[str, Any]) -> None:
    if data_dict.get("object_type") == "package":
        readable.require(context, readable.ENTRY, data_dict, "object")


@tk.chained_action
def member_create(next_action: Any, context: Context, data_dict: dict[str, Any]) -> Any:
    """Make an object a member of a department or topic."""
    if creators.needs_none(data_dict):
        tk.check_access("member_create", context, data_dict)
        return {}
    _entry_must_be_readable(context, data_dict)
    _note_change(data_dict, 1)
    with _told(context, data_dict):
        made = next_action(context, data_dict)
    scopes.forget()
    return made


@tk.chained_action
def member_delete(next_action: Any, context: Context, data_dict: dict[str, Any]) -> Any:
    """End a membership."""
    _entry_must_be_readable(context, data_dict)
    _note_change(data_dict, 0)
    with _told(context, data_dict):
        ended = next_action(context, data_dict)
    scopes.forget()
    return ended
