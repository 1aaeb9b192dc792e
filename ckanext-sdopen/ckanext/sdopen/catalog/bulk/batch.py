"""A batch from beginning to commit: one transaction, one answer for every record."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.types import Context

from ckanext.sdopen.catalog import outbox, unlisted
from ckanext.sdopen.catalog.bulk import (
    apart,
    by_actions,
    consequences,
    examine,
    gate,
    hooks,
    intake,
    membership,
    receipts,
    tagging,
    way,
    writing,
)
from ckanext.sdopen.catalog.bulk.candidates import CREATED, UNCHANGED, UPDATED, Candidate, counts
from ckanext.sdopen.catalog.bulk.directory import Directory
from ckanext.sdopen.catalog.bulk.permissions import Permissions
from ckanext.sdopen.catalog.bulk.shape import Shape
from ckanext.sdopen.catalog.bulk.wave import Wave, kinds
from ckanext.sdopen.catalog.by_index import by_index

_WRITTEN = (CREATED, UPDATED)
# in a trusted context: nobody did this work, it leaves no activities
SILENT = "sdopen_silent"


def moment() -> datetime:
    """Now in UTC, with milliseconds: Solr drops zeros, and CKAN's copy would never agree."""
    now = datetime.utcnow()
    return now if now.microsecond >= 1000 else now + timedelta(milliseconds=1)


def upsert(context: Context, sent: Sequence[Any], run: str, key: str) -> dict[str, Any]:
    """Write the records of a batch; see `actions.sdopen_entry_bulk_upsert`.

    Raises:
        receipts.OtherContent: the key belongs to another batch.
        intake.Unavailable: too many entries wait for the index.
    """
    permissions, shapes = Permissions(context), way.shapes()
    user_id = permissions.user_id() or ""
    digests = [receipts.digest_of_record(record) for record in sent]
    content = receipts.together(*(digest for digest, _ in digests))
    candidates = [
        Candidate(n, dict(record), content_hash=digest, is_unprintable=odd)
        for n, (record, (digest, odd)) in enumerate(zip(sent, digests, strict=True))
    ]

    def written() -> list[Candidate]:
        return [candidate for candidate in candidates if candidate.result in _WRITTEN]

    def write_batch() -> dict[str, Any]:
        intake.refuse_if_full()
        by_index()
        _settle(context, candidates, permissions, shapes)
        hooks.call(context, written() if shapes else [])
        return answer(candidates, run, key, way.BULK if shapes else way.ACTIONS)

    return receipts.once(
        user_id,
        key,
        content,
        write_batch,
        lambda: gate.tell([candidate.entry_id for candidate in written()]),
        commits=not shapes,
    )


def answer(candidates: Sequence[Candidate], run: str, key: str, how: str) -> dict[str, Any]:
    """What a client gets of a batch."""
    return {
        "run": run,
        "key": key,
        "way": how,
        "counts": counts(candidate.result for candidate in candidates),
        "records": [candidate.told() for candidate in candidates],
    }


def _settle(
    context: Context,
    candidates: list[Candidate],
    permissions: Permissions,
    shapes: Mapping[str, Shape],
) -> None:
    """Write what is to be written: by the shapes of its types, without any by the actions."""
    for candidate in candidates:
        if candidate.package_type not in kinds():
            message = tk._("A bulk write takes catalogs (dataset) and interfaces (interface)")
            candidate.reject_for("type", message, "type_unknown")
    if not shapes:
        by_actions.upsert(candidates, permissions)
        return
    directory, now = Directory(), moment()
    waiting: list[str] = []
    for package_type, compiled in shapes.items():
        own = [c for c in candidates if c.is_open and c.package_type == package_type]
        if own:
            wave = Wave(examine.Examiner(compiled), directory, permissions, now)
            wave.settle(own)
            waiting += write(own, permissions, now, bool(context.get(SILENT)))
    outbox.enqueue(waiting)


def write(
    candidates: Sequence[Candidate], permissions: Permissions, now: datetime, silent: bool = False
) -> list[str]:
    """Write the settled records of one type and all that follows; no commit.

    Returns:
        The ids of the entries whose documents change. They are queued after the last type: what
        is withheld is queued by a connection of its own, which would wait for this transaction.
    """
    same = {c.entry_id: c.content_hash for c in candidates if c.result == UNCHANGED}
    writing.remember({one: found for one, found in same.items() if found})

    def rows(some: Sequence[Candidate]) -> None:
        writing.write(some, now)
        stored = [c for c in some if c.result in _WRITTEN]
        membership.own(stored)
        tagging.tag(stored)
        consequences.record(stored, None if silent else permissions.account, now)

    apart.write_apart(candidates, rows)
    written = [c for c in candidates if c.result in _WRITTEN]
    if not written:
        return []
    served, hidden = consequences.follow(written)
    hidden += [c.entry_id for c in written if consequences.is_narrower(c)]
    if hidden:
        # nobody finds what he may not read any more, not even before the drainer comes to it
        unlisted.take_out(hidden)
    model.Session.expire_all()
    return [*served, *(c.entry_id for c in written)]
