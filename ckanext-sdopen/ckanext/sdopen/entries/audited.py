"""Writes of entries in the audit log: what a write did, from the entry before and after it."""

from collections.abc import Mapping
from typing import Any

from ckan import model

from ckanext.sdopen.audit import log
from ckanext.sdopen.audit.kinds import Kind
from ckanext.sdopen.audit.log import Event

_SEEN = ("state", "sharing", "opening")
Facts = Mapping[str, Any]


def event_of(entry_id: str, before: Facts | None, after: Facts) -> Event:
    """The event of a write: the weightiest of what it did, with what changed in the details.

    Args:
        entry_id: the entry.
        before: its `state`, `sharing` and `opening` as they were; None for a new one.
        after: the same as they are now.
    """
    if before is None:
        return Event(Kind.ENTRY_CREATE, entry_id, details=dict(_seen(after)))
    changed = {
        name: [before.get(name), after.get(name)]
        for name in _SEEN
        if (before.get(name) or "") != (after.get(name) or "")
    }
    return Event(_kind(before, after, changed), entry_id, details=changed)


def _kind(before: Facts, after: Facts, changed: Mapping[str, Any]) -> Kind:
    if "state" in changed:
        if after["state"] == model.State.DELETED:
            return Kind.ENTRY_DELETE
        if after["state"] == model.State.ACTIVE:
            return Kind.PUBLISH
        if before["state"] == model.State.ACTIVE:
            return Kind.WITHDRAW
    if "sharing" in changed or "opening" in changed:
        return Kind.CLASS_CHANGE
    return Kind.ENTRY_UPDATE


def _seen(facts: Facts) -> dict[str, Any]:
    return {name: facts[name] for name in _SEEN if facts.get(name)}


def facts_of(package: Mapping[str, Any]) -> dict[str, Any]:
    """What `event_of` takes, of the columns of a package's row."""
    extras = package["extras"] or {}
    return {"state": package["state"]} | {name: extras.get(name) for name in _SEEN[1:]}


def row_facts(package: model.Package) -> dict[str, Any]:
    """The same of an entry as the session holds it."""
    return facts_of({"state": package.state, "extras": package.extras})


def record_write(package: model.Package, before: Facts | None, user: str) -> None:
    """Tell of a single write with its commit; `before` is None for a new entry."""
    log.record([event_of(package.id, before, row_facts(package))], user)
