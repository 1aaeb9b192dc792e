"""Who an entry is: its region, code, id and name, settled at the first save and never changed."""

from collections import defaultdict
from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.types import Context, FlattenDataDict, FlattenErrorDict, FlattenKey

from ckanext.sdopen import codes
from ckanext.sdopen.catalog import identifier

__all__ = ["sdopen_entry_is_new", "sdopen_entry_name"]


def _value(data: FlattenDataDict, name: str) -> str:
    value = data.get((name,), tk.missing)
    return "" if value is tk.missing or value is None else str(value)


def _organization(reference: str) -> model.Group | None:
    if not reference:
        return None
    return model.Session.get(model.Group, reference) or model.Group.get(reference)


def _settle_region(data: FlattenDataDict, errors: FlattenErrorDict) -> str:
    """The provider's region; another one is refused, and so is a provider without one."""
    organization = _organization(_value(data, "owner_org"))
    given = _value(data, "region")
    if organization is None:
        return ""  # the error on owner_org says it
    own = organization.extras.get("region", "")
    if not own:
        message = tk._("The department {title} has no region; set it on the department first")
        errors[("region",)].append(message.format(title=organization.title))
        return ""
    if given and given != own:
        message = tk._('The region is that of the department {title}, {own}; not "{given}"')
        named = f"{own} {codes.load('regions').label(own)}"
        errors[("region",)].append(message.format(title=organization.title, own=named, given=given))
        return ""
    data[("region",)] = own
    if not _value(data, "provider_code") and organization.extras.get("provider_code"):
        data[("provider_code",)] = organization.extras["provider_code"]
    return str(own)


def _derive(kind: str, data: FlattenDataDict, errors: FlattenErrorDict) -> tuple[str, str] | None:
    """(id, name) of a new entry; None with an error where they cannot be derived."""
    region = _settle_region(data, errors)
    code = _value(data, "resource_code")
    source, source_key = _value(data, "source_id"), _value(data, "source_key")
    if not region:
        return None
    if code:
        try:
            return identifier.entry_id(kind, region, code), identifier.entry_name(
                kind, region, code
            )
        except ValueError:
            message = tk._(
                'The code "{code}" may hold digits, letters, "/", "-" and "_" only, 91 at most'
            )
            errors[("resource_code",)].append(message.format(code=code))
            return None
    if source and source_key:
        return (
            identifier.entry_id_from_source(kind, source, source_key),
            identifier.entry_name_from_source(kind, region, source, source_key),
        )
    return None  # the error on the missing code says it


def future_id(entry: dict[str, Any]) -> str | None:
    """The id that an entry about to be created will get, as far as its data tell."""
    errors: FlattenErrorDict = defaultdict(list)
    kind = "interface" if entry.get("type") == "interface" else "catalog"
    identity = _derive(kind, {(name,): value for name, value in entry.items()}, errors)
    return identity[0] if identity else None


def _refuse_changes(data: FlattenDataDict, errors: FlattenErrorDict, stored: model.Package) -> None:
    code = stored.extras.get("resource_code", "")
    if identifier.normal_code(_value(data, "resource_code")).lower() != code.lower():
        message = tk._('The code never changes after the first save; write "{code}" again')
        without = tk._("The entry came without a code and keeps its address; leave the code empty")
        errors[("resource_code",)].append(message.format(code=code) if code else without)
    region = stored.extras.get("region", "")
    if _value(data, "region") != region:
        message = tk._('The region never changes after the first save; write "{region}" again')
        errors[("region",)].append(message.format(region=region))
    if code:
        data[("resource_code",)] = code  # as it was first written
        return
    for name in ("source_id", "source_key"):
        if _value(data, name) != stored.extras.get(name, ""):
            message = tk._("The entry is known by its source and key; they never change")
            errors[(name,)].append(message)


def identify(
    kind: str, data: FlattenDataDict, errors: FlattenErrorDict, stored: model.Package | None
) -> None:
    """Set the entry's id, name, region and code, whatever the client sent for id and name."""
    code = _value(data, "resource_code")
    if code:
        data[("resource_code",)] = identifier.normal_code(code)
    if stored:
        _refuse_changes(data, errors, stored)
        identity: tuple[Any, Any] | None = (stored.id, stored.name)
    else:
        identity = _derive(kind, data, errors)
    data[("id",)], data[("name",)] = identity or (tk.missing, tk.missing)


def sdopen_entry_is_new(
    key: FlattenKey, data: FlattenDataDict, errors: FlattenErrorDict, context: Context
) -> None:
    """Refuse to create an entry whose id exists: it would overwrite the other one."""
    entry_id = data.get(key, tk.missing)
    if entry_id is tk.missing:
        data.pop(key, None)
        raise tk.StopOnError  # why there is none is said elsewhere
    found = model.Session.get(model.Package, entry_id)
    if found is None:
        return
    code = _value(data, "resource_code")
    field = "resource_code" if code else "source_key"
    if found.state == model.State.DELETED:
        message = tk._('An entry "{key}" of this region was deleted; restore it instead')
    else:
        message = tk._('An entry "{key}" of this region exists; update it, or correct the code')
    errors[(field,)].append(message.format(key=code or _value(data, "source_key")))
    raise tk.StopOnError


def sdopen_entry_name(
    key: FlattenKey, data: FlattenDataDict, errors: FlattenErrorDict, context: Context
) -> None:
    """Pass on the derived name; where there is none, the reason is said elsewhere."""
    if data.get(key, tk.missing) is tk.missing:
        data.pop(key, None)
        raise tk.StopOnError
