"""Jobs as they are asked for and looked at: queueing in the caller's transaction, reading."""

import uuid
from collections.abc import Collection, Mapping
from typing import Any

from ckan import model
from sqlalchemy import Row, delete, func, literal, select, text
from sqlalchemy.dialects.postgresql import insert

from ckanext.sdopen.errors import SdopenError
from ckanext.sdopen.jobs.kinds import Kind
from ckanext.sdopen.jobs.model import jobs
from ckanext.sdopen.jobs.states import OPEN, State
from ckanext.sdopen.language import language

_LOCK = text("SELECT pg_advisory_xact_lock(hashtextextended(:key, 0))")
_MOST_AHEAD = 1_000
_SWEPT = 5_000
_is_open = jobs.c.state.in_(OPEN)


class TooMany(SdopenError):
    """The account has as many jobs of the kind as it may."""

    def __init__(self, most: int) -> None:
        super().__init__(most)
        self.most = most


class AlreadyQueued(SdopenError):
    """A job of the kind for this very subject waits or runs."""


def refuse_beyond(kind: Kind, account: str, most: int) -> None:
    """Raise TooMany where an account has so many jobs of a kind that wait or run.

    Until the caller's transaction ends nobody else queues one for the account.
    """
    model.Session.execute(_LOCK, {"key": f"sdopen-job {kind.name} {account}"})
    found = select(func.count()).where(jobs.c.account == account, jobs.c.kind == kind.name)
    if (model.Session.execute(found.where(_is_open)).scalar() or 0) >= most:
        raise TooMany(most)


def enqueue(
    kind: Kind, payload: Mapping[str, Any], *, subject: str, account: str | None = None
) -> str:
    """Queue a job in the caller's transaction; its id. No commit.

    Args:
        kind: what is to be done.
        payload: what the work needs to know, as JSON.
        subject: what it works on: one job of a kind for it waits or runs.
        account: the id of the user who asks for it.

    Raises:
        AlreadyQueued: there is one.
    """
    values = {
        "id": str(uuid.uuid4()),
        "queue": kind.queue.value,
        "kind": kind.name,
        "subject": subject,
        "payload": dict(payload),
        "account": account,
        "language": language(),
        "state": State.WAITING.value,
        "due": func.now(),
        "made": func.now(),
    }
    statement = insert(jobs).values(values).on_conflict_do_nothing().returning(jobs.c.id)
    found = model.Session.execute(statement).scalar()
    if found is None:
        raise AlreadyQueued(subject)
    return str(found)


def find(job_id: str) -> Row[Any] | None:
    """The row of a job, read by a connection of its own; None where there is none."""
    with model.meta.engine.connect() as connection:
        return connection.execute(select(jobs).where(jobs.c.id == job_id)).first()


def latest(kind: Kind, subjects: Collection[str]) -> dict[str, Row[Any]]:
    """{subject: the row of the last job of a kind for it}, in one query."""
    statement = (
        select(jobs)
        .distinct(jobs.c.subject)
        .where(jobs.c.kind == kind.name, jobs.c.subject.in_(subjects))
        .order_by(jobs.c.subject, jobs.c.made.desc())
    )
    with model.meta.engine.connect() as connection:
        return {row.subject: row for row in connection.execute(statement)}


def ahead(row: Row[Any]) -> int:
    """How many jobs of its queue come before one that waits, counted up to 1,000."""
    if row.state != State.WAITING:
        return 0
    before = select(literal(1)).where(jobs.c.queue == row.queue, _is_open, jobs.c.due < row.due)
    counted = before.limit(_MOST_AHEAD).subquery()
    with model.meta.engine.connect() as connection:
        found = connection.execute(select(func.count()).select_from(counted))
        return int(found.scalar() or 0)


def ages() -> list[Row[Any]]:
    """(queue, waiting, running, overdue, oldest) of each queue with open jobs.

    `overdue` are running ones whose lease ended and that nobody has taken yet; `oldest` is how many
    seconds the longest waiting one is due.
    """
    due_for = func.extract("epoch", func.now() - jobs.c.due)
    waits, runs = jobs.c.state == State.WAITING, jobs.c.state == State.RUNNING
    statement = (
        select(
            jobs.c.queue,
            func.count().filter(waits).label("waiting"),
            func.count().filter(runs).label("running"),
            func.count().filter(runs, jobs.c.due < func.now()).label("overdue"),
            func.max(due_for).filter(waits).label("oldest"),
        )
        .where(_is_open)
        .group_by(jobs.c.queue)
        .order_by(jobs.c.queue)
    )
    with model.meta.engine.connect() as connection:
        return list(connection.execute(statement))


def sweep(days: int) -> int:
    """Forget the jobs that ended more than so many days ago; how many they were."""
    limit = func.now() - func.make_interval(0, 0, 0, days)
    old = select(jobs.c.id).where(jobs.c.ended < limit).limit(_SWEPT)
    removed = 0
    while True:
        with model.meta.engine.begin() as connection:
            count = connection.execute(delete(jobs).where(jobs.c.id.in_(old))).rowcount
        removed += count
        if count < _SWEPT:
            return removed
