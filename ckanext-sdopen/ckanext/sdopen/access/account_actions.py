"""The action that shows an account to itself."""

from typing import Any

import ckan.plugins.toolkit as tk
from ckan.types import Context

from ckanext.sdopen.access.authority import acts_for_authority

__all__ = ["sdopen_account_show"]


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
