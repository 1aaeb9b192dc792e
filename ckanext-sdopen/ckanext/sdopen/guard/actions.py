"""What of CKAN's answers about the portal itself is told to strangers."""

from typing import Any

import ckan.plugins.toolkit as tk
from ckan import authz
from ckan.types import Action, Context

__all__ = ["status_show"]

# what helps to choose an attack, and the address that errors are mailed to
_FOR_OPERATORS = ("ckan_version", "extensions", "error_emails_to")


@tk.side_effect_free
@tk.chained_action
def status_show(original: Action, context: Context, data_dict: dict[str, Any]) -> dict[str, Any]:
    """The portal's title, address and language; version and plugins for its operators only.

    Returns:
        `{"site_title", "site_description", "site_url", "locale_default"}`; for a system
        administrator also `ckan_version`, `extensions` and `error_emails_to`.

    Example:
        curl $PORTAL/api/3/action/status_show
    """
    status = dict(original(context, data_dict))
    if not authz.is_sysadmin(context.get("user")):
        for name in _FOR_OPERATORS:
            status.pop(name, None)
    return status
