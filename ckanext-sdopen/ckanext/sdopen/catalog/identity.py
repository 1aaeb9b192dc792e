"""Who an entry is: its region, code, id and name, settled at the first save and never changed."""

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.types import Context, FlattenDataDict, FlattenErrorDict, FlattenKey

from ckanext.sdopen import codes
from ckanext.sdopen.catalog import identifier, service_key

__all__ = ["sdopen_entry_is_new", "sdopen_entry_name"]


# what an entry is known by, the winning one first
_KEYS = ("resource_code", "service_code", "source_key", "service_path")
# all that ids and names are derived from
_IDENTIFYING = (*_KEYS, "owner_org", "region", "provider_code", "source_id", "http_method")


def _value(data: FlattenDataDict, name: str) -> str:
    value = data.get((name,), tk.missing)
    return "" if value is tk.missing or value is None else str(value)


def _identifying(entry: Mapping[str, Any]) -> FlattenDataDict:
    return {(name,): entry[name] for name in _IDENTIFYING if name in entry}


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


def _provider_keys(data: FlattenDataDict) -> list[str]:
    """What identifies the provider of an interface: its 统一社会信用代码, else its own id.

    Both, for a department may register its code after its first interface.
    """
    organization = _organization(_value(data, "owner_org"))
    if organization is None:
        return []
    registered = str(organization.extras.get("provider_code") or "")
    return [key for key in (registered, organization.id) if key]


def _is_known_by_service(data: FlattenDataDict) -> bool:
    """Whether service code, or method and address, identify an interface."""
    if _value(data, "resource_code"):
        return False
    harvested = _value(data, "source_id") and _value(data, "source_key")
    return bool(_value(data, "service_code")) or not harvested


def _service_ids(data: FlattenDataDict) -> list[str]:
    """The ids of an interface by its service code, else by its method and address."""
    names = ("service_code", "http_method", "service_path")
    called = [_value(data, name) for name in names]
    found = (service_key.entry_id(key, *called) for key in _provider_keys(data))
    return [one for one in found if one]


def _derive(kind: str, data: FlattenDataDict, errors: FlattenErrorDict) -> tuple[str, str] | None:
    """(id, name) of a new entry; None with an error where they cannot be derived.

    What comes first wins: 信息资源代码, an interface's service code, the source's own key, an
    interface's method and address.
    """
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
    if kind == identifier.INTERFACE and _is_known_by_service(data):
        ids = _service_ids(data)
        return (ids[0], identifier.service_name(region, ids[0])) if ids else None
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
    identity = _derive(kind, _identifying(entry), errors)
    return identity[0] if identity else None


def possible_ids(entry: dict[str, Any]) -> list[str]:
    """The ids under which an entry may be stored, the one that it gets if it is new first."""
    first = future_id(entry)
    others = []
    if entry.get("type") == identifier.INTERFACE and first:
        data = _identifying(entry)
        others = _service_ids(data) if _is_known_by_service(data) else []
    return list(dict.fromkeys([first, *others])) if first else []


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
    known = stored.extras.get("service_code", "")
    settled = known or not stored.extras.get("source_key")
    if settled and stored.type == identifier.INTERFACE and _value(data, "service_code") != known:
        message = tk._('The service code identifies the interface; write "{code}" again')
        without = tk._("The interface came without a service code and keeps its id; leave it empty")
        errors[("service_code",)].append(message.format(code=known) if known else without)
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
    if _value(data, "service_code"):
        data[("service_code",)] = service_key.normal_code(_value(data, "service_code"))
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
    found = model.Session.get(model.Package, entry_id) or _other_writing(data)
    if found is None:
        return
    field = next((name for name in _KEYS if _value(data, name)), "resource_code")
    if found.state == model.State.DELETED:
        message = tk._('An entry "{key}" of this region was deleted; restore it instead')
    else:
        message = tk._('An entry "{key}" of this region exists; update it, or correct the code')
    errors[(field,)].append(message.format(key=_value(data, field)))
    raise tk.StopOnError


def _other_writing(data: FlattenDataDict) -> model.Package | None:
    """The same interface, made before its provider registered its 统一社会信用代码."""
    if _value(data, "type") != identifier.INTERFACE or not _is_known_by_service(data):
        return None
    ids = _service_ids(data)[1:]
    return next((e for e in (model.Session.get(model.Package, i) for i in ids) if e), None)


def sdopen_entry_name(
    key: FlattenKey, data: FlattenDataDict, errors: FlattenErrorDict, context: Context
) -> None:
    """Pass on the derived name; where there is none, the reason is said elsewhere."""
    if data.get(key, tk.missing) is tk.missing:
        data.pop(key, None)
        raise tk.StopOnError
