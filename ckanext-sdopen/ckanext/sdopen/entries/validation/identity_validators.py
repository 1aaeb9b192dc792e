"""Validators of an entry's id and name, when CKAN saves it."""

from collections.abc import Mapping
from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.types import Context, FlattenDataDict, FlattenErrorDict, FlattenKey

from ckanext.sdopen.entries.validation.identity import possible_ids
from ckanext.sdopen.identifiers import entry_key
from ckanext.sdopen.identifiers.entry_key import KEYS, text
from ckanext.sdopen.standard.elements import KIND_OF_TYPE

__all__ = ["sdopen_entry_is_new", "sdopen_entry_name"]


def _plain(data: FlattenDataDict) -> dict[str, Any]:
    """The entry's own values by element."""
    return {k[0]: v for k, v in data.items() if len(k) == 1 and v is not tk.missing}


def sdopen_entry_is_new(
    key: FlattenKey, data: FlattenDataDict, errors: FlattenErrorDict, context: Context
) -> None:
    """Refuse to create an entry whose id exists: it would overwrite the other one."""
    entry_id = data.get(key, tk.missing)
    if entry_id is tk.missing:
        data.pop(key, None)
        raise tk.StopOnError  # why there is none is said elsewhere
    entry = _plain(data)
    found = model.Session.get(model.Package, entry_id) or _other_writing(entry)
    if found is None:
        return
    field = next((name for name in KEYS if text(entry, name)), "resource_code")
    if found.state == model.State.DELETED:
        message = tk._('An entry "{key}" of this region was deleted; restore it instead')
    else:
        message = tk._('An entry "{key}" of this region exists; update it, or correct the code')
    errors[(field,)].append(message.format(key=text(entry, field)))
    raise tk.StopOnError


def _other_writing(entry: Mapping[str, Any]) -> model.Package | None:
    """The same interface, made before its provider registered its 统一社会信用代码."""
    if not entry_key.is_known_by_service(KIND_OF_TYPE[text(entry, "type")], entry):
        return None
    others = (model.Session.get(model.Package, one) for one in possible_ids(entry)[1:])
    return next((one for one in others if one is not None), None)


def sdopen_entry_name(
    key: FlattenKey, data: FlattenDataDict, errors: FlattenErrorDict, context: Context
) -> None:
    """Pass on the derived name; where there is none, the reason is said elsewhere."""
    if data.get(key, tk.missing) is tk.missing:
        data.pop(key, None)
        raise tk.StopOnError
