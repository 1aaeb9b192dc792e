"""Push mapped entries by the portal's bulk path: the same entries and results as by its actions."""

import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from ckanext.sdopen.harvest.pushing import batches
from ckanext.sdopen.harvest.pushing.by_batches import Bulk
from ckanext.sdopen.harvest.pushing.one_by_one import REJECTED, Outcome, payload_of
from ckanext.sdopen.harvest.reading.mapping import Entry
from ckanext.sdopen.harvest.reading.source import Source

# characters of a run's name
_LONGEST = 200


def new_run(name: str) -> str:
    """A name for a run that no other run has, as long as the portal takes it."""
    own = uuid.uuid4().hex[:16]
    # a file name may hold bytes that are no text
    readable = name.encode("utf-8", "replace").decode()
    return f"{readable[: _LONGEST - len(own) - 1]}-{own}"


def reason_of(result: Mapping[str, Any]) -> str:
    """Why the portal did not take a record, in its own words; empty where it did."""
    if result["result"] not in ("rejected", "conflict"):
        return ""
    found = result.get("findings") or ()
    shown = [f for f in found if f.get("severity") == "error"] or found
    return " ".join(str(f.get("message") or f["code"]) for f in shown)


def push(
    entries: Sequence[Entry], source: Source, bulk: Bulk, departments: Mapping[str, str]
) -> Iterator[Outcome]:
    """What became of each entry, in their order; rejected ones are not sent.

    Raises:
        PortalError: the portal cannot be used any more.
    """
    results = bulk.push(_lines(entries, source, departments))
    for entry in entries:
        if entry.rejected:
            yield Outcome(entry, REJECTED)
            continue
        result = next(results)
        yield Outcome(entry, result["result"], reason_of(result))
    bulk.commit()


def _lines(
    entries: Iterable[Entry], source: Source, departments: Mapping[str, str]
) -> Iterator[bytes]:
    for entry in entries:
        if not entry.rejected:
            yield batches.encoded(payload_of(entry, source, departments[entry.provider]))
