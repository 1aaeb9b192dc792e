"""CKAN's actions on accounts, tokens and settings, each told in the audit log.

The row stands in the transaction of what it tells: where the action fails there is none.
"""

from collections.abc import Mapping
from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.types import Context

from ckanext.sdopen.audit import log
from ckanext.sdopen.audit.kinds import Kind
from ckanext.sdopen.audit.log import Event

# action: (kind, type of the object, the parameter that names it)
_TOLD: Mapping[str, tuple[Kind, str, str]] = {
    "api_token_create": (Kind.TOKEN_ISSUE, "user", "user"),
    "api_token_revoke": (Kind.TOKEN_REVOKE, "token", "jti"),
    "user_create": (Kind.USER_CREATE, "user", "name"),
    "user_delete": (Kind.USER_DISABLE, "user", "id"),
    "config_option_update": (Kind.CONFIG_CHANGE, "setting", ""),
}

__all__ = [
    "api_token_create",
    "api_token_revoke",
    "config_option_update",
    "user_create",
    "user_delete",
    "user_update",
]


def _event(name: str, data_dict: dict[str, Any]) -> Event:
    kind, object_type, parameter = _TOLD[name]
    if not parameter:
        # names of settings, never their values: one may be a secret
        return Event(kind, "", object_type, details={"settings": sorted(map(str, data_dict))})
    reference = str(data_dict.get(parameter) or "")
    known = model.User.get(reference) if object_type == "user" and reference else None
    return Event(kind, known.id if known else reference, object_type)


def _chained(name: str) -> Any:
    def action(next_action: Any, context: Context, data_dict: dict[str, Any]) -> Any:
        with log.recorded(_event(name, data_dict), user=str(context.get("user") or "")):
            return next_action(context, data_dict)

    action.__name__ = name
    return tk.chained_action(action)


api_token_create = _chained("api_token_create")
api_token_revoke = _chained("api_token_revoke")
config_option_update = _chained("config_option_update")
user_create = _chained("user_create")
user_delete = _chained("user_delete")


@tk.chained_action
def user_update(next_action: Any, context: Context, data_dict: dict[str, Any]) -> Any:
    """Change an account; what of it concerns safety is told in the audit log."""
    user = model.User.get(str(data_dict.get("id") or ""))
    if user is None:
        return next_action(context, data_dict)
    events = []
    if data_dict.get("password"):
        events.append(Event(Kind.PASSWORD_CHANGE, user.id, "user"))
    if data_dict.get("state") not in (None, "", user.state):
        events.append(Event(Kind.USER_DISABLE, user.id, "user", details=_state(user, data_dict)))
    if tk.asbool(data_dict.get("sysadmin", user.sysadmin)) != user.sysadmin:
        events.append(Event(Kind.ROLE_CHANGE, user.id, "user", details={"sysadmin": True}))
    with log.recorded(*events, user=str(context.get("user") or "")):
        return next_action(context, data_dict)


def _state(user: model.User, data_dict: dict[str, Any]) -> dict[str, str]:
    return {"before": str(user.state), "after": str(data_dict["state"])}
