"""Actions on background jobs: how far one is, and its end before its time."""

from typing import Any

import ckan.plugins.toolkit as tk
from ckan.types import Context
from sqlalchemy import Row

from ckanext.sdopen.jobs import leases, queues
from ckanext.sdopen.jobs.shown import shown

__all__ = ["sdopen_job_cancel", "sdopen_job_show"]


def _job(context: Context, data_dict: dict[str, Any], action: str) -> Row[Any]:
    """The job of a call; one of others and one that is not there are the same."""
    absent = tk._("There is no such job")
    try:
        tk.check_access(action, context, data_dict)
    except tk.NotAuthorized:
        raise tk.ObjectNotFound(absent) from None
    row = queues.find(str(data_dict.get("id") or ""))
    if row is None:
        raise tk.ObjectNotFound(absent)
    return row


@tk.side_effect_free
def sdopen_job_show(context: Context, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Show how far a background job is.

    Args:
        data_dict: `id`.

    Returns:
        `{"id", "queue", "kind", "subject", "state": waiting, running, done, failed or cancelled,
        "ahead": jobs of its queue that come before it, "done", "total", "tries", "made", "started",
        "ended", "result", "error": a sentence}`.

    Raises:
        ObjectNotFound: no such job, or it is not the caller's.

    `curl -H "Authorization: $TOKEN" "$PORTAL/api/3/action/sdopen_job_show?id=$ID"`
    """
    return shown(_job(context, data_dict, "sdopen_job_show"))


def sdopen_job_cancel(context: Context, data_dict: dict[str, Any]) -> dict[str, Any]:
    """End a background job that waits or runs; what it has done by then stays.

    Args:
        data_dict: `id`.

    Returns:
        As `sdopen_job_show`; a job that had ended stays as it is.

    Raises:
        ObjectNotFound: no such job, or it is not the caller's.

    `curl -H "Authorization: $TOKEN" -d id=$ID $PORTAL/api/3/action/sdopen_job_cancel`
    """
    row = _job(context, data_dict, "sdopen_job_cancel")
    leases.cancel(row.id)
    return shown(queues.find(row.id) or row)
