"""The action that takes a file away at once."""

from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.types import Context

from ckanext.sdopen.audit import log
from ckanext.sdopen.audit.kinds import Kind
from ckanext.sdopen.audit.log import Event
from ckanext.sdopen.entries.files import sweeping
from ckanext.sdopen.entries.files.owners import entry_of_file

__all__ = ["sdopen_file_erase"]


def sdopen_file_erase(context: Context, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Remove a file from its entry and its bytes at once, as for personal data given by mistake.

    Its earlier versions go with it; no other copy of them is kept by the portal.

    Args:
        data_dict: `id` of the resource, which may have been removed already.

    Returns:
        `{"id", "removed": how many stored files went}`.

    Raises:
        ObjectNotFound: no entry has or had such a file.
        NotAuthorized: who asks is no data authority of the entry's region.

    `curl $PORTAL/api/3/action/sdopen_file_erase -H "Authorization: $TOKEN" -d '{"id": "…"}'`
    """
    resource_id = data_dict.get("id")
    if not isinstance(resource_id, str) or not resource_id:
        raise tk.ValidationError({"id": [tk._("Give the id of a resource")]})
    tk.check_access("sdopen_file_erase", context, {"id": resource_id})
    entry_id = entry_of_file(resource_id)
    if not entry_id:
        raise tk.ObjectNotFound(tk._("There is no such file"))
    resource = model.Session.get(model.Resource, resource_id)
    if resource is not None and resource.state == model.State.ACTIVE:
        tk.get_action("resource_delete")(context, {"id": resource_id})
    erased = Event(Kind.ENTRY_UPDATE, entry_id, details={"file_erased": resource_id})
    with log.recorded(erased, user=context.get("user", "")):
        return {"id": resource_id, "removed": sweeping.erase(resource_id)}
