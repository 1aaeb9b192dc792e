"""Push mapped entries: look up, compare by hash, create or update; departments are made first."""

import threading
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

from ckanext.sdopen import codes
from ckanext.sdopen.harvest.pushing.portal import Portal, Refused
from ckanext.sdopen.harvest.reading.mapping import Entry, content_hash
from ckanext.sdopen.harvest.reading.source import Source
from ckanext.sdopen.identifiers import entry_key, ids

CREATED, UPDATED, UNCHANGED, MERGED, PENDING, CONFLICT, REJECTED = RESULTS = (
    "created",
    "updated",
    "unchanged",
    "merged",
    "pending",
    "conflict",
    "rejected",
)
# told even where there are none
ALWAYS = (CREATED, UPDATED, UNCHANGED, REJECTED)
# a record was not written: another wrote it at the same moment, or the rules refuse it
FAILED = (CONFLICT, REJECTED)
_TYPES = {"catalog": "dataset", "interface": "interface"}


@dataclass(frozen=True)
class Outcome:
    """What became of one entry: one of RESULTS, and the portal's reason where it refused."""

    entry: Entry
    result: str
    reason: str = ""


def _level(region: str) -> str:
    return codes.region(region).level


def department(portal: Portal, title: str, region: str) -> tuple[str, bool]:
    """The id of the department of that title in that region, and whether it was made now."""
    department_id = ids.department_id(region, title)
    if portal.show("organization_show", department_id):
        return department_id, False
    portal.write(
        "organization_create",
        {
            "id": department_id,
            "name": ids.department_name(region, title),
            "title": title,
            "region": region,
            "level": _level(region),
        },
    )
    return department_id, True


def payload_of(entry: Entry, source: Source, owner_org: str) -> dict[str, Any]:
    """The whole entry as the action API takes it, with the hash that makes a rerun cheap."""
    payload = {
        **entry.payload,
        "type": _TYPES[source.kind],
        "region": source.region,
        "source_id": source.id,
        "source_key": entry.key,
        "owner_org": owner_org,
    }
    return {**payload, "source_hash": content_hash(payload)}


def possible_ids(source: Source, payload: Mapping[str, Any]) -> list[str]:
    """The ids under which the portal may hold an entry; none where it will say what is wrong."""
    providers = [str(payload.get(name) or "") for name in ("provider_code", "owner_org")]
    try:
        found = entry_key.identities(source.kind, source.region, payload, providers)
    except ValueError:
        return []
    return [one.id for one in found]


def _push(entry: Entry, source: Source, portal: Portal, owner_org: str) -> Outcome:
    payload = payload_of(entry, source, owner_org)
    for entry_id in possible_ids(source, payload):
        current = portal.show("package_show", entry_id)
        if current and current.get("source_hash") == payload["source_hash"]:
            return Outcome(entry, UNCHANGED)
        if current:
            portal.write("package_update", {**payload, "id": entry_id})
            return Outcome(entry, UPDATED)
    portal.write("package_create", payload)
    return Outcome(entry, CREATED)


def _guarded(entry: Entry, source: Source, portal: Portal, departments: dict[str, str]) -> Outcome:
    if entry.rejected:
        return Outcome(entry, REJECTED)
    try:
        return _push(entry, source, portal, departments[entry.provider])
    except Refused as refusal:
        return Outcome(entry, REJECTED, refusal.reason)


def make_departments(
    entries: Iterable[Entry], source: Source, portal: Portal
) -> tuple[dict[str, str], int]:
    """{title: id} of all departments that the entries name, and how many were made."""
    known: dict[str, str] = {}
    made = 0
    for title in dict.fromkeys(entry.provider for entry in entries if not entry.rejected):
        known[title], new = department(portal, title, source.region)
        made += new
    return known, made


def push(
    entries: list[Entry],
    source: Source,
    portals: Callable[[], Portal],
    departments: dict[str, str],
    workers: int,
) -> Iterable[Outcome]:
    """Push entries by `workers` threads, each with its own connection; yields in their order."""
    local = threading.local()

    def one(entry: Entry) -> Outcome:
        if not hasattr(local, "portal"):
            local.portal = portals()
        return _guarded(entry, source, local.portal, departments)

    pool = ThreadPoolExecutor(workers)
    try:
        yield from pool.map(one, entries)
    finally:
        # an interrupted or failed run finishes what is under way and begins nothing more
        pool.shutdown(wait=True, cancel_futures=True)
