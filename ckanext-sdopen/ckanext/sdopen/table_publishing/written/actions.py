"""The action that publishes what clients wrote into a table."""

from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.types import Context

from ckanext.sdopen.table_publishing.showing import asked
from ckanext.sdopen.table_publishing.written import queueing, standing

__all__ = ["sdopen_table_publish"]


def sdopen_table_publish(context: Context, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Publish what clients wrote into a table as a version of it, in the background.

    The rows of one moment are checked like those of a file and pass the gate; what is written later
    waits for the next publication. The version before is read until the new one is whole.

    Args:
        data_dict: `resource_id`.

    Returns:
        `{"resource_id", "job": its id, for sdopen_job_show and sdopen_job_cancel}`.

    Raises:
        ObjectNotFound: no such resource, or the caller may not read it.
        NotAuthorized: the caller may not change its entry.
        ValidationError: nothing was written into it, it is loaded from a file, or a publication is
            under way, which does not hold what was written last.

    `curl -H "Authorization: $TOKEN" -d resource_id=$ID $PORTAL/api/3/action/sdopen_table_publish`
    """
    resource = asked.resource(context, data_dict, "sdopen_table_publish")
    account = model.User.get(context["user"])
    if account is None:
        raise tk.NotAuthorized(tk._("Only an account publishes a table"))
    _refuse(resource.id)
    try:
        job = queueing.queue(resource, account.id)
    except queueing.UnderWay:
        message = tk._("The table is being published; ask again when that has ended")
        raise tk.ValidationError({"resource_id": [message]}) from None
    model.Session.commit()
    return {"resource_id": resource.id, "job": job}


def _refuse(table: str) -> None:
    if standing.loaded(table) is not None:
        message = tk._(
            "This table is loaded from a file; hand in a new version of the file instead"
        )
        raise tk.ValidationError({"resource_id": [message]})
    if not standing.has_copy(table):
        message = tk._("Nothing was written into this table yet; write rows by datastore_create")
        raise tk.ValidationError({"resource_id": [message]})
