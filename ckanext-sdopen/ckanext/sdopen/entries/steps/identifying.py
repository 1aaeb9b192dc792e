"""Who an entry is: its region, code, id and name, fixed at the first save and never changed."""

from collections.abc import Mapping
from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model

from ckanext.sdopen import codes
from ckanext.sdopen.entries.steps.answers import Answers
from ckanext.sdopen.entries.steps.arrival import Arrival, Stored
from ckanext.sdopen.identifiers import entry_key, ids, service_key
from ckanext.sdopen.identifiers.entry_key import Identity, text


def region_of(values: Mapping[str, Any], department: model.Group) -> tuple[str, str]:
    """(the department's region, why it cannot be the entry's); one of both is empty."""
    own = str(department.extras.get("region") or "")
    given = text(values, "region")
    if not own:
        message = tk._("The department {title} has no region; set it on the department first")
        return "", message.format(title=department.title)
    if given and given != own:
        message = tk._('The region is that of the department {title}, {own}; not "{given}"')
        named = f"{own} {codes.load('regions').label(own)}"
        return "", message.format(title=department.title, own=named, given=given)
    return own, ""


def providers_of(department: model.Group) -> list[str]:
    """What identifies the provider of an interface: its 统一社会信用代码, and its own id."""
    return [str(department.extras.get("provider_code") or ""), department.id]


def identify(arrival: Arrival, answers: Answers) -> None:
    """Set id, name, region and code, whatever the client sent for id and name."""
    values, stored = arrival.values, arrival.stored
    code = text(values, "resource_code")
    if code:
        values["resource_code"] = ids.normal_code(code)
    if service := text(values, "service_code"):
        values["service_code"] = service_key.normal_code(service)
    if stored is not None:
        _refuse_changes(arrival, stored)
        arrival.entry_id, arrival.name = stored.id, stored.name
    elif found := _derived(arrival, answers):
        arrival.entry_id, arrival.name = found.id, found.name


def _derived(arrival: Arrival, answers: Answers) -> Identity | None:
    """Who a new entry is; None where it cannot be said, which is refused here or elsewhere."""
    values = arrival.values
    department = answers.department(text(values, "owner_org"))
    if department is None:
        return None  # the error on owner_org says it
    region, refusal = region_of(values, department)
    if refusal:
        arrival.refuse("region", refusal)
        return None
    values["region"] = region
    registered = department.extras.get("provider_code")
    if registered and not text(values, "provider_code"):
        values["provider_code"] = registered
    try:
        found = entry_key.identities(arrival.kind, region, values, providers_of(department))
    except ValueError:
        message = tk._(
            'The code "{code}" may hold digits, letters, "/", "-" and "_" only, 91 at most'
        )
        arrival.refuse("resource_code", message.format(code=text(values, "resource_code")))
        return None
    return found[0] if found else None  # the error on the missing code says it


def _refuse_changes(arrival: Arrival, stored: Stored) -> None:
    values, known = arrival.values, stored.extras
    code = known.get("resource_code", "")
    if ids.normal_code(text(values, "resource_code")).lower() != code.lower():
        message = tk._('The code never changes after the first save; write "{code}" again')
        without = tk._("The entry came without a code and keeps its address; leave the code empty")
        arrival.refuse("resource_code", message.format(code=code) if code else without)
    region = known.get("region", "")
    if text(values, "region") != region:
        message = tk._('The region never changes after the first save; write "{region}" again')
        arrival.refuse("region", message.format(region=region))
    if code:
        values["resource_code"] = code  # as it was first written
    else:
        _refuse_other_key(arrival, known)


def _refuse_other_key(arrival: Arrival, known: Mapping[str, Any]) -> None:
    """Without a code it stays known by its service code, or by its source and key."""
    values, service = arrival.values, known.get("service_code", "")
    is_settled = service or not known.get("source_key")
    is_interface = arrival.kind == ids.INTERFACE
    if is_settled and is_interface and text(values, "service_code") != service:
        message = tk._('The service code identifies the interface; write "{code}" again')
        without = tk._("The interface came without a service code and keeps its id; leave it empty")
        arrival.refuse("service_code", message.format(code=service) if service else without)
    for name in ("source_id", "source_key"):
        if text(values, name) != known.get(name, ""):
            arrival.refuse(
                name, tk._("The entry is known by its source and key; they never change")
            )
