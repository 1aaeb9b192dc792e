"""CKAN's check of new passwords, answered by our rules: every form and action asks it."""

from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.types import Context, FlattenDataDict, FlattenErrorDict, FlattenKey

from ckanext.sdopen.guard.accounts.passwords import check

__all__ = ["user_password_validator"]


def user_password_validator(
    key: FlattenKey, data: FlattenDataDict, errors: FlattenErrorDict, context: Context
) -> Any:
    """A new password is long, varied, not guessed easily, and was not used lately."""
    value = data.get(key)
    if value is tk.missing or value is None or value == "":
        return
    if not isinstance(value, str):
        errors[("password",)].append(tk._("Passwords must be strings"))
        return
    user = _account(data, context)
    name = data.get(("name",))
    name = name if isinstance(name, str) else user.name if user else ""
    found = check.complaints(value, name, user)
    errors.setdefault(("password",), []).extend(found)


def _account(data: FlattenDataDict, context: Context) -> model.User | None:
    """The account whose password this is to be; None for a new one."""
    user = context.get("user_obj")
    reference = data.get(("id",))
    if user is None and isinstance(reference, str):
        user = model.User.get(reference)
    return user
