"""The resource that an action on tables is about, for who may read it."""

from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.types import Context

from ckanext.sdopen.access import readable, visibility


def resource(
    context: Context, data_dict: dict[str, Any], action: str, part: str = visibility.ENTRY
) -> model.Resource:
    """The resource of a call; one that the caller may not read and one that is not are the same.

    Raises:
        ObjectNotFound: no such resource, or the caller may not read it.
        NotAuthorized: he may not do what the action does.
        ValidationError: none is named.
    """
    reference = data_dict.get("resource_id")
    if not reference:
        raise tk.ValidationError({"resource_id": [tk._("Give the id of a resource")]})
    readable.require(context, readable.RESOURCE, data_dict, "resource_id", part=part)
    tk.check_access(action, context, data_dict)
    found = model.Session.get(model.Resource, str(reference))
    if found is None or found.state != model.State.ACTIVE:
        raise readable.not_found()
    return found
