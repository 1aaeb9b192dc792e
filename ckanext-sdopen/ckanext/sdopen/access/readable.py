"""Absent, unreadable and withdrawn are one answer: a reader cannot tell which it is."""

from collections.abc import Callable, Mapping
from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.plugins import plugin_loaded
from ckan.types import Context
from ckanext.datastore.backend import DatastoreBackend

from ckanext.sdopen.access import caller, visibility

# of these, one more than enough is no answer either
_LONGEST = 200


def _text(value: Any) -> str | None:
    usable = isinstance(value, str) and 0 < len(value) <= _LONGEST and "\x00" not in value
    return value if usable else None


def _entry(reference: str) -> model.Package | None:
    return model.Package.get(reference)


def _of_resource(reference: str) -> model.Package | None:
    resource = model.Resource.get(reference)
    # CKAN 2.12 keeps resources that were removed from their entry
    if resource is None or resource.state != model.State.ACTIVE:
        return None
    return resource.package


def _of_view(reference: str) -> model.Package | None:
    view = model.ResourceView.get(reference)
    return _of_resource(view.resource_id) if view else None


def _of_table(reference: str) -> model.Package | None:
    entry = _of_resource(reference)
    if entry is not None or not plugin_loaded("datastore"):
        return entry
    exists, identity = DatastoreBackend.get_active_backend().resource_id_from_alias(reference)
    return _of_resource(identity) if exists and identity else None


def _of_any(reference: str) -> model.Package | None:
    return _of_resource(reference) or _entry(reference)


ENTRY, RESOURCE, VIEW, TABLE, ANY = ("entry", "resource", "view", "table", "any")
_FINDERS: Mapping[str, Callable[[str], model.Package | None]] = {
    ENTRY: _entry,
    RESOURCE: _of_resource,
    VIEW: _of_view,
    TABLE: _of_table,
    ANY: _of_any,
}


def entry_by_reference(kind: str, reference: Any) -> model.Package | None:
    """The entry that a reference of a kind leads to, None where there is none."""
    text = _text(reference)
    return _FINDERS[kind](text) if text else None


def not_found() -> tk.ObjectNotFound:
    """The one error for what is not there and for what the caller may not read."""
    return tk.ObjectNotFound(tk._("There is none, or you may not read it"))


def on_application() -> tk.NotAuthorized:
    """The error for files and tables of an entry that the caller reads without them."""
    return tk.NotAuthorized(tk._("These data are given on application only"))


def require(
    context: Context,
    kind: str,
    data_dict: Mapping[str, Any],
    *names: str,
    part: str = visibility.ENTRY,
) -> model.Package | None:
    """The entry that the first given of the parameters leads to, if the caller sees it.

    Returns:
        None where no parameter is given, for the action to say so, and for trusted code.

    Raises:
        ObjectNotFound: it is absent, or the caller may not read it.
        NotAuthorized: he reads it, but not the part.
    """
    if context.get("ignore_auth"):
        return None
    given = next((data_dict[name] for name in names if data_dict.get(name)), None)
    if given is None:
        return None
    entry = entry_by_reference(kind, given)
    if entry is None or not caller.sees(context, entry):
        raise not_found()
    if part != visibility.ENTRY and not caller.sees(context, entry, part):
        raise on_application()
    return entry
