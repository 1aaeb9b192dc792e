"""A batch from beginning to commit: one transaction, one answer for every record."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.types import Context

from ckanext.sdopen.bulk import intake, one_by_one, receipts, way
from ckanext.sdopen.bulk.examining import examine_record
from ckanext.sdopen.bulk.examining.compiled_schema import Shape
from ckanext.sdopen.bulk.examining.lookups import Directory
from ckanext.sdopen.bulk.examining.permissions import Permissions
from ckanext.sdopen.bulk.examining.records_of_type import Wave, kinds
from ckanext.sdopen.bulk.record import CREATED, UNCHANGED, UPDATED, Candidate, counts
from ckanext.sdopen.bulk.writing import (
    audit_rows,
    bad_rows,
    consequences,
    membership,
    other_plugins,
    statements,
    tags,
)
from ckanext.sdopen.directory import outbox
from ckanext.sdopen.directory.planner_hint import by_index
from ckanext.sdopen.entries import gate
from ckanext.sdopen.index import removal
from ckanext.sdopen.moments import now_of_change

_WRITTEN = (CREATED, UPDATED)
# in a trusted context: nobody did this work, it leaves no activities
SILENT = "sdopen_silent"


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
        _examine_and_write(context, candidates, permissions, shapes)
        other_plugins.call(context, written() if shapes else [])
        audit_rows.record_refused(candidates, user_id)
        return answer(candidates, run, key, way.BULK if shapes else way.ACTIONS)

    return receipts.once(
        user_id,
        key,
        content,
        write_batch,
        lambda: gate.notify_deciders([candidate.entry_id for candidate in written()]),
        commits=not shapes,
    )


def answer(candidates: Sequence[Candidate], run: str, key: str, how: str) -> dict[str, Any]:
    """What a client gets of a batch."""
    return {
        "run": run,
        "key": key,
        "way": how,
        **({"way_reason": way.reason()} if how == way.ACTIONS else {}),
        "counts": counts(candidate.result for candidate in candidates),
        "records": [candidate.as_answer() for candidate in candidates],
    }


def _examine_and_write(
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
        one_by_one.upsert(candidates, permissions)
        return
    directory, now = Directory(), now_of_change()
    waiting: list[str] = []
    for package_type, compiled in shapes.items():
        own = [c for c in candidates if c.is_open and c.package_type == package_type]
        if own:
            wave = Wave(examine_record.Examiner(compiled), directory, permissions, now)
            wave.examine(own)
            waiting += write(own, permissions, now, bool(context.get(SILENT)))
    outbox.enqueue(waiting)


def write(
    candidates: Sequence[Candidate], permissions: Permissions, now: datetime, silent: bool = False
) -> list[str]:
    """Write the examined records of one type and all that follows; no commit.

    Returns:
        The ids of the entries whose documents change. They are queued after the last type: what
        is withheld is queued by a connection of its own, which would wait for this transaction.
    """
    same = {c.entry_id: c.content_hash for c in candidates if c.result == UNCHANGED}
    statements.remember({one: found for one, found in same.items() if found})

    def rows(some: Sequence[Candidate]) -> None:
        statements.write(some, now)
        stored = [c for c in some if c.result in _WRITTEN]
        membership.own(stored)
        tags.tag(stored)
        consequences.record(stored, None if silent else permissions.account, now)

    bad_rows.write_apart(candidates, rows)
    written = [c for c in candidates if c.result in _WRITTEN]
    if not written:
        return []
    if not silent:
        audit_rows.record_written(written, permissions.user_id() or "")
    served, hidden = consequences.follow(written)
    hidden += [c.entry_id for c in written if consequences.is_narrower(c)]
    if hidden:
        # nobody finds what he may not read any more, not even before the drainer comes to it
        removal.take_out(hidden)
    model.Session.expire_all()
    return [*served, *(c.entry_id for c in written)]
