"""Counts that are kept: brought in from Redis, and read."""

from collections.abc import Collection
from datetime import timedelta

from ckan import model
from sqlalchemy import delete, func, select
from sqlalchemy.dialects.postgresql import insert

from ckanext.sdopen.counting import waiting
from ckanext.sdopen.counting.model import counts, flushes
from ckanext.sdopen.moments import now

_TOKENS = timedelta(days=7)


def bring_in() -> int:
    """Add what waits in Redis, each portion by one commit and once; how much was counted."""
    added = sum(map(_bring, waiting.portions()))
    model.Session.execute(delete(flushes).where(flushes.c.flushed < now() - _TOKENS))
    model.Session.commit()
    return added


def _bring(portion: str) -> int:
    found = waiting.content(portion)
    token = insert(flushes).values(token=portion, flushed=now()).on_conflict_do_nothing()
    is_new = bool(model.Session.execute(token).rowcount)
    if is_new and found:
        # in one order, so that two that add wait for each other
        rows = [{**one._asdict(), "count": found[one]} for one in sorted(found)]
        row = insert(counts)
        key = (counts.c.kind, counts.c.subject, counts.c.day)
        summed = {"count": counts.c.count + row.excluded.count}
        model.Session.execute(row.on_conflict_do_update(index_elements=key, set_=summed), rows)
    model.Session.commit()
    waiting.forget(portion)
    return sum(found.values()) if is_new else 0


def totals(kind: str, subjects: Collection[str]) -> dict[str, int]:
    """{subject: how often}, of all days; those that were never counted are left out."""
    mine = (counts.c.kind == kind, counts.c.subject.in_(subjects))
    asked = select(counts.c.subject, func.sum(counts.c.count)).where(*mine)
    found = model.Session.execute(asked.group_by(counts.c.subject))
    return {subject: int(number) for subject, number in found}
