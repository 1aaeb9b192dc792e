"""The tables that everybody may read, and their rows: what can be had of what is declared."""

from typing import NamedTuple

from ckan import model
from sqlalchemy import func, select

from ckanext.sdopen.access import visibility
from ckanext.sdopen.access.labels import PUBLIC
from ckanext.sdopen.directory import readable_rows
from ckanext.sdopen.directory.model import entries
from ckanext.sdopen.tables.model import tables, versions


class Tables(NamedTuple):
    """How many tables there are, and how many rows they have."""

    tables: int
    rows: int


NONE = Tables(0, 0)


def open_tables() -> Tables:
    """The published tables that need neither an account nor a grant."""
    classes = (entries.c.sharing, entries.c.opening)
    is_current = (versions.c.resource_id == tables.c.resource_id) & (
        versions.c.number == tables.c.number
    )
    found = model.Session.execute(
        select(*classes, func.count(), func.sum(versions.c.rows))
        .select_from(tables)
        .join(versions, is_current)
        .join(entries, entries.c.id == tables.c.package_id)
        .where(versions.c.removed.is_(None), readable_rows.condition([PUBLIC]))
        .group_by(*classes)
    )
    seen = [row for row in found if _is_open(row[0], row[1])]
    return Tables(sum(row[2] for row in seen), sum(int(row[3]) for row in seen))


def _is_open(sharing: str | None, opening: str | None) -> bool:
    name = visibility.class_of(sharing, opening)
    roles = visibility.roles_that_see(visibility.PUBLISHED, name, visibility.TABLE)
    return visibility.ANONYMOUS in roles
