"""What waits: for the index, in the queues, in the mail; and whether periodic tasks run."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Connection, Row, text

from ckanext.sdopen.guard.doctor import settings
from ckanext.sdopen.guard.doctor.rules.findings import Area, Finding, Severity, graded
from ckanext.sdopen.jobs import queues, schedule
from ckanext.sdopen.jobs.kinds import declared

# what waits four times as long as is told of is an error
_TOO_LONG = 4
_FAILED_OFTEN = 3
# enough to say that it is much
_MOST = 100_000
# `queued` and `due` are UTC without a zone
_OUTBOX = text(
    f"""
    SELECT count(*) AS waiting, count(*) FILTER (WHERE failures > 0) AS refused,
        coalesce(extract(epoch FROM timezone('UTC', now()) - min(queued)), 0) AS oldest
    FROM (SELECT queued, failures FROM sdopen_outbox ORDER BY version LIMIT {_MOST}) AS first
    """  # noqa: S608  a constant of this module
)
_MAIL = text(
    f"""
    SELECT count(*) AS waiting, count(*) FILTER (WHERE tries > 0) AS refused,
        coalesce(extract(epoch FROM timezone('UTC', now()) - min(queued)), 0) AS oldest
    FROM (SELECT queued, tries FROM sdopen_mail ORDER BY due LIMIT {_MOST}) AS first
    """  # noqa: S608  a constant of this module
)


def outbox(connection: Connection) -> Iterator[Finding]:
    """Entries that wait for the index, since when, and those that Solr refuses."""
    row = connection.execute(_OUTBOX).one()
    yield _waits("outbox", row.waiting, row.oldest)
    if row.refused:
        facts = {"count": row.refused}
        yield Finding(Area.WORK, "outbox_refused", Severity.WARNING, facts)


def mail(connection: Connection) -> Iterator[Finding]:
    """Letters that wait, since when, and those that the mail server refused."""
    row = connection.execute(_MAIL).one()
    yield _waits("mail", row.waiting, row.oldest)
    if row.refused:
        yield Finding(Area.WORK, "mail_refused", Severity.WARNING, {"count": row.refused})


def _waits(check: str, count: int, seconds: float, **facts: str | int) -> Finding:
    bound = settings.wait_seconds()
    severity = graded(seconds, bound, bound * _TOO_LONG)
    name = check if severity is Severity.OK else f"{check}_late"
    return Finding(
        Area.WORK, name, severity, {"count": count, "minutes": int(seconds // 60), **facts}
    )


def jobs() -> Iterator[Finding]:
    """The queues of background work."""
    ages = queues.ages()
    for one in ages:
        yield _waits("queue", one.waiting, one.oldest or 0, queue=one.queue)
        if one.overdue:
            facts = {"queue": one.queue, "count": one.overdue}
            yield Finding(Area.WORK, "queue_lost", Severity.WARNING, facts)
    if not ages:
        yield Finding(Area.WORK, "queues_empty", Severity.OK, {})


def tasks() -> Iterator[Finding]:
    """The periodic tasks: when each ran, which failed, which nobody does."""
    runs = {one.name: one for one in schedule.last_runs() if one.begun is not None}
    never = sorted(set(declared.periodic) - set(runs))
    if never:
        yield Finding(Area.WORK, "tasks_never", Severity.ERROR, {"tasks": ", ".join(never)})
    for name, run in runs.items():
        yield _task(name, run)


def _task(name: str, run: Row[Any]) -> Finding:
    if run.failures:
        facts = {"task": name, "count": run.failures}
        return Finding(Area.WORK, "task_fails", graded(run.failures, 1, _FAILED_OFTEN), facts)
    bound = settings.wait_seconds()
    severity = graded(run.late, bound, bound * _TOO_LONG)
    if severity is Severity.OK:
        facts = {"task": name, "begun": f"{run.begun:%Y-%m-%d %H:%M:%S}"}
        return Finding(Area.WORK, "task", severity, facts)
    return Finding(Area.WORK, "task_late", severity, {"task": name, "minutes": int(run.late // 60)})
