"""The index outbox: which entries' documents are to be made anew, kept in the entry's transaction.

Whoever changes an entry without posting its document writes a row here before he commits; the
drainer (`index.drain.drainer`) posts the documents and removes the row only after Solr's hard
commit.
"""

import datetime
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ckan import model
from sqlalchemy import Select, Update, func, literal, select, text, update
from sqlalchemy.dialects.postgresql import insert

from ckanext.sdopen.directory.model import outbox
from ckanext.sdopen.moments import now

ENQUEUE = text(
    """
    INSERT INTO sdopen_outbox (entry_id, version, queued)
    SELECT id, nextval('sdopen_outbox_version'), :queued
    FROM unnest(CAST(:ids AS text[])) AS id ORDER BY id
    ON CONFLICT (entry_id) DO UPDATE SET
        version = excluded.version, queued = excluded.queued, failures = 0, error = NULL
    """
)
_DONE = text(
    """
    DELETE FROM sdopen_outbox o USING unnest(CAST(:ids AS text[]), CAST(:versions AS bigint[]))
    AS read(id, version) WHERE o.entry_id = read.id AND o.version = read.version
    """
)


_FAILED = text(
    """
    UPDATE sdopen_outbox o SET failures = o.failures + 1, error = read.error
    FROM unnest(CAST(:ids AS text[]), CAST(:versions AS bigint[]), CAST(:errors AS text[]))
    AS read(id, version, error) WHERE o.entry_id = read.id AND o.version = read.version
    """
)


@dataclass(frozen=True, slots=True)
class Waiting:
    """An entry that waits, and the version of its row that was read."""

    entry_id: str
    version: int


def enqueue(ids: Iterable[str]) -> None:
    """Let the documents of these entries be made anew; no commit."""
    wanted = sorted(set(ids))
    if wanted:
        # in one order, so that two who write the same rows never wait for each other
        model.Session.execute(ENQUEUE, {"ids": wanted, "queued": now()})


def enqueue_selected(ids: Select[Any]) -> int:
    """The same of the ids that a query finds, in one statement; how many they are. No commit."""
    found = ids.subquery()
    column = found.c[0]
    rows = select(column, func.nextval("sdopen_outbox_version"), literal(now())).order_by(column)
    written = insert(outbox).from_select(["entry_id", "version", "queued"], rows)
    changed = {
        "version": written.excluded.version,
        "queued": written.excluded.queued,
        "failures": 0,
        "error": None,
    }
    statement = written.on_conflict_do_update(index_elements=["entry_id"], set_=changed)
    return int(model.Session.execute(statement).rowcount)


def renewed(entry_id: str) -> Update:
    """The statement after which the row of an entry, where it waits, is another than was read.

    Whoever drained it without seeing the entry, which is not committed yet, waits for the commit,
    and leaves the row.
    """
    version = func.nextval("sdopen_outbox_version")
    return update(outbox).where(outbox.c.entry_id == entry_id).values(version=version)


def waiting(after: int, limit: int) -> list[Waiting]:
    """The next rows after a version, oldest change first."""
    rows = model.Session.execute(
        select(outbox.c.entry_id, outbox.c.version)
        .where(outbox.c.version > after)
        .order_by(outbox.c.version)
        .limit(limit)
    )
    return [Waiting(row.entry_id, row.version) for row in rows]


def done(rows: Sequence[Waiting]) -> None:
    """Remove the rows that nobody wrote since they were read; no commit."""
    if rows:
        found = {"ids": [r.entry_id for r in rows], "versions": [r.version for r in rows]}
        model.Session.execute(_DONE, found)


def failed(rows: Mapping[Waiting, str]) -> None:
    """Count a failure of each row, and keep its reason; no commit."""
    if rows:
        ids, versions = [r.entry_id for r in rows], [r.version for r in rows]
        found = {"ids": ids, "versions": versions, "errors": list(rows.values())}
        model.Session.execute(_FAILED, found)


def length(at_most: int) -> int:
    """How many entries wait, counted up to a number."""
    counted = select(outbox.c.version).limit(at_most).subquery()
    return int(model.Session.execute(select(func.count()).select_from(counted)).scalar() or 0)


def highest() -> int:
    """The highest version that waits; 0 where nothing does."""
    return int(model.Session.execute(select(func.max(outbox.c.version))).scalar() or 0)


def left(up_to: int) -> int:
    """How many rows up to a version still wait."""
    found = select(func.count()).select_from(outbox).where(outbox.c.version <= up_to)
    return int(model.Session.execute(found).scalar() or 0)


def oldest() -> datetime.datetime | None:
    """Since when the longest waiting entry waits."""
    found = select(outbox.c.queued).order_by(outbox.c.version).limit(1)
    moment: datetime.datetime | None = model.Session.execute(found).scalar()
    return moment
