"""Sequence numbers of the 信息资源代码: taken once under the prefix's lock, never issued again.

A number is allocated (given to a department), used (an entry bears it), or void (given back, or
its entry was purged). The next number is the highest that was ever taken, plus one; codes of
imported entries count. A code is unique inside its region, so are the numbers of a prefix.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from ckan import model
from sqlalchemy import ScalarSelect, func, select, text, update
from sqlalchemy.dialects.postgresql import insert

from ckanext.sdopen.identifiers.resource_code import ResourceCode, composed, parsed
from ckanext.sdopen.moments import now
from ckanext.sdopen.numbering.model import numbers

ALLOCATED, USED, VOID = STATES = ("allocated", "used", "void")
_LOCK = text("SELECT pg_advisory_xact_lock(hashtextextended(:key, 0))")


@dataclass(frozen=True, slots=True)
class Series:
    """What numbers are counted in: the kind of entry, its region, the prefix of its code."""

    kind: str
    region: str
    prefix: str


def _lock(series: Series) -> None:
    """Nobody else counts in the series until this transaction ends."""
    key = f"sdopen-number {series.kind} {series.region} {series.prefix}"
    model.Session.execute(_LOCK, {"key": key})


def _in(series: Series) -> list[Any]:
    return [
        numbers.c.kind == series.kind,
        numbers.c.region == series.region,
        numbers.c.prefix == series.prefix,
    ]


def allocate(series: Series, count: int, organization_id: str, user_id: str | None) -> list[str]:
    """Take the next `count` numbers of a series; no commit.

    Returns:
        The codes, lowest first.
    """
    _lock(series)
    taken: list[int] = []
    while len(taken) < count:
        highest = model.Session.execute(
            select(func.max(numbers.c.number)).where(*_in(series))
        ).scalar()
        wanted = range((highest or 0) + 1, (highest or 0) + 1 + count - len(taken))
        rows = [_row(series, number, organization_id, user_id) for number in wanted]
        # an import may save an entry with one of them meanwhile: it keeps it, we go on
        done = insert(numbers).values(rows).on_conflict_do_nothing().returning(numbers.c.number)
        taken += sorted(model.Session.execute(done).scalars())
    return [composed(series.prefix, number) for number in taken]


def _row(series: Series, number: int, organization_id: str, user_id: str | None) -> dict[str, Any]:
    return {
        "kind": series.kind,
        "region": series.region,
        "prefix": series.prefix,
        "number": number,
        "state": ALLOCATED,
        "organization_id": organization_id,
        "user_id": user_id,
        "changed": now(),
    }


def _of(kind: str, region: str, code: str) -> tuple[Series, ResourceCode] | None:
    found = parsed(code)
    return (Series(kind, region, found.prefix), found) if found else None


def taken(kind: str, region: str, code: str) -> tuple[ScalarSelect[Any], ScalarSelect[Any]]:
    """State and department of the number of a code, as queries; null where it is free."""
    found = _of(kind, region, code)
    series, number = (found[0], found[1].number) if found else (Series(kind, region, ""), 0)
    of_it = [*_in(series), numbers.c.number == number]
    return (
        select(numbers.c.state).where(*of_it).scalar_subquery(),
        select(numbers.c.organization_id).where(*of_it).scalar_subquery(),
    )


def use(kind: str, region: str, code: str, entry_id: str, organization_id: str) -> None:
    """An entry bears the number of its code; no commit."""
    found = _of(kind, region, code)
    if found is None:
        return
    series, parts = found
    row = {
        "kind": kind,
        "region": region,
        "prefix": series.prefix,
        "number": parts.number,
        "state": USED,
        "organization_id": organization_id,
        "entry_id": entry_id,
        "changed": now(),
    }
    written = insert(numbers).values(row)
    model.Session.execute(
        written.on_conflict_do_update(
            index_elements=["kind", "region", "prefix", "number"],
            set_={"state": USED, "entry_id": entry_id, "changed": row["changed"]},
            # an entry that is saved again changes nothing here, a void number stays void
            where=numbers.c.entry_id.is_distinct_from(entry_id) & (numbers.c.state != VOID),
        )
    )


def void(series: Series, number: int, user_id: str | None, reason: str) -> bool:
    """Make an allocated number void; False where it is used, void, or was never taken."""
    _lock(series)
    done = model.Session.execute(
        update(numbers)
        .where(*_in(series), numbers.c.number == number, numbers.c.state == ALLOCATED)
        .values(state=VOID, user_id=user_id, reason=reason, changed=now())
    )
    return bool(done.rowcount)


def void_of_entry(entry_id: str) -> None:
    """The number of a purged entry is void; no commit."""
    model.Session.execute(
        update(numbers)
        .where(numbers.c.entry_id == entry_id)
        .values(state=VOID, entry_id=None, reason="purged", changed=now())
    )


def listed(
    series: Series, states: Iterable[str], after: int, limit: int
) -> Sequence[dict[str, Any]]:
    """A page of the numbers of a series: `{code, number, state, organization_id, changed, reason}`.

    The page begins after the number `after`.
    """
    rows = model.Session.execute(
        select(
            numbers.c.number,
            numbers.c.state,
            numbers.c.organization_id,
            numbers.c.changed,
            numbers.c.reason,
        )
        .where(*_in(series), numbers.c.state.in_(list(states)), numbers.c.number > after)
        .order_by(numbers.c.number)
        .limit(limit)
    )
    return [
        {
            "code": composed(series.prefix, row.number),
            **row._mapping,
            "changed": row.changed.isoformat(timespec="seconds"),
        }
        for row in rows
    ]
