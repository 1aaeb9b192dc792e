"""What templates show of accounts."""

from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.lib import helpers

from ckanext.sdopen.guard.accounts.auth import may_see_accounts

__all__ = ["linked_user"]


def linked_user(user: Any, maxlength: int = 0, avatar: int = 20) -> Any:
    """Who did something, with a link, as CKAN shows it; to the public, that it was an account."""
    account = user if isinstance(user, model.User) else model.User.get(str(user))
    if account is None or may_see_accounts() or account.id == tk.current_user.id:
        return helpers.linked_user(user, maxlength, avatar)
    return tk._("an account of the portal")
