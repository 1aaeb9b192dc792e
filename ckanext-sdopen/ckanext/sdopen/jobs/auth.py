"""Who may look at a background job."""

from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.types import AuthResult, Context

from ckanext.sdopen.jobs import queues

__all__ = ["sdopen_job_cancel", "sdopen_job_show"]


def _own(context: Context, data_dict: dict[str, Any] | None) -> AuthResult:
    row = queues.find(str((data_dict or {}).get("id") or ""))
    name = context.get("user")
    user = model.User.get(name) if name else None
    return {"success": bool(row and user and user.is_active and row.account == user.id)}


@tk.auth_disallow_anonymous_access
def sdopen_job_show(context: Context, data_dict: dict[str, Any] | None) -> AuthResult:
    """Who asked for it may."""
    return _own(context, data_dict)


@tk.auth_disallow_anonymous_access
def sdopen_job_cancel(context: Context, data_dict: dict[str, Any] | None) -> AuthResult:
    """Who asked for it may."""
    return _own(context, data_dict)
