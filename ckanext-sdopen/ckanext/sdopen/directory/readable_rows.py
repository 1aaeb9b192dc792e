"""Rows of the narrow table that a reader may see, by SQL: what stands in for the index.

Only published entries, by the same table of visibility as the labels of their documents; never
more than those labels open, and less only for who made an entry of another department.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.types import Context
from sqlalchemy import ColumnElement, and_, exists, false, func, or_, select, true
from sqlalchemy.sql.selectable import FromClause

from ckanext.sdopen import codes
from ckanext.sdopen.access import caller, labels, visibility
from ckanext.sdopen.access.labels import GOVERNMENT, PUBLIC
from ckanext.sdopen.directory.model import entries

_DEGREES = ("unconditional", "conditional", "none")


def held_by(context: Context | Mapping[str, Any]) -> tuple[str, ...] | None:
    """The labels by which a caller reads rows; None for whom no label counts."""
    if caller.is_trusted(context):
        return None
    return tuple(sorted(labels.all_user_labels(caller.user_of(context))))


def _named(held: Iterable[str], prefix: str) -> list[str]:
    return sorted(label.removeprefix(prefix) for label in held if label.startswith(prefix))


def _governed(authorities: Collection[str], rows: FromClause) -> ColumnElement[bool]:
    """Entries of the regions that these data authorities govern; the portal's own, everywhere."""
    if not authorities:
        return false()
    if str(tk.config["ckanext.sdopen.portal.region"]) in authorities:
        return true()
    within = [code for code in codes.regions() if set(codes.path(code)).intersection(authorities)]
    return rows.c.region.in_(within)


def _role(role: str, held: Collection[str], rows: FromClause) -> ColumnElement[bool]:
    if role == visibility.ANONYMOUS:
        return true()
    if role == visibility.GOVERNMENT:
        return true() if GOVERNMENT in held else false()
    if role == visibility.MEMBER:
        return rows.c.owner_org.in_(_named(held, "member-"))
    if role == visibility.AUTHORITY:
        return _governed(_named(held, "authority-"), rows)
    # who made an entry stands in no narrow row; a system administrator has no labels
    return false()


def _is(column: ColumnElement[Any], degree: str | None) -> ColumnElement[bool]:
    if degree is not None:
        return column == degree
    return or_(column.is_(None), column.notin_(_DEGREES))


def _own(held: Collection[str], rows: FromClause) -> ColumnElement[bool]:
    """Published rows that the table of visibility opens, whatever an interface serves."""
    by_roles: dict[tuple[str, ...], list[ColumnElement[bool]]] = {}
    for sharing in (*_DEGREES, None):
        for opening in (*_DEGREES, None):
            name = visibility.class_of(sharing, opening)
            roles = visibility.roles_that_see(visibility.PUBLISHED, name)
            cell = and_(_is(rows.c.sharing, sharing), _is(rows.c.opening, opening))
            by_roles.setdefault(roles, []).append(cell)
    opened = [
        and_(or_(*cells), or_(*(_role(role, held, rows) for role in roles)))
        for roles, cells in by_roles.items()
        if roles
    ]
    return or_(false(), *opened)


def condition(held: Collection[str] | None) -> ColumnElement[bool]:
    """The condition of rows that somebody with these labels may see; None sees all published.

    An interface is seen by those only who see the catalog that it serves.
    """
    published: ColumnElement[bool] = entries.c.state == model.State.ACTIVE
    if held is None:
        return published
    # the portal alone sets it: whatever is not private everybody reads, most rows at one look
    public = entries.c.private.is_(False)
    if set(held) == {PUBLIC}:
        return and_(published, public)
    catalog = entries.alias("catalog")
    served = and_(
        catalog.c.id == entries.c.serves,
        catalog.c.state == model.State.ACTIVE,
        _own(held, catalog),
    )
    above = or_(entries.c.serves.is_(None), exists(select(catalog.c.id).where(served)))
    return and_(published, or_(public, and_(_own(held, entries), above)))


def counted(held: Sequence[str] | None, field: str) -> Mapping[str, int]:
    """{value: rows that somebody with these labels may see} of a field of the narrow table.

    `organization` are departments by name, `owner_org` by id, `topics` each topic of an entry.
    """
    seen = condition(held)
    column: ColumnElement[Any] = entries.c.owner_org
    if field == "topics":
        column = func.unnest(entries.c.topics)
    elif field == "kind":
        column = entries.c.kind
    value = column.label("value")
    found = select(value, func.count()).where(seen).group_by(value)
    counts = {str(name): int(count) for name, count in model.Session.execute(found)}
    return _by_name(counts) if field == "organization" else counts


def _by_name(counts: Mapping[str, int]) -> dict[str, int]:
    group = model.Group
    named = model.Session.query(group.id, group.name).filter(group.id.in_(list(counts)))
    return {name: counts[identity] for identity, name in named}
