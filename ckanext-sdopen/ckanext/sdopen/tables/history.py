"""The pointer of a table and the history of its versions: a version is published by one commit."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from ckan import model
from sqlalchemy import Row, insert, select, text, update
from sqlalchemy.dialects.postgresql import insert as upsert

from ckanext.sdopen.moments import now
from ckanext.sdopen.tables.columns import Column
from ckanext.sdopen.tables.model import tables, versions
from ckanext.sdopen.tables.store.errors import MissingVersion
from ckanext.sdopen.tables.store.store import Store
from ckanext.sdopen.tables.versions import Version

_LONGEST_NAME = 60
# of one entry the names of tables are given by one publication at a time
_ONE_AT_A_TIME = text("SELECT pg_advisory_xact_lock(hashtextextended(:entry, 9))")


@dataclass(frozen=True)
class Published:
    """A version as it was published: the `number`-th of its table, under the table's `name`.

    `removed` is when it ceased to be readable, UTC without a zone; None while it can be read.
    """

    entry: str
    name: str
    number: int
    version: Version
    findings: Mapping[str, Any]
    removed: datetime | None


def short_name(wish: str) -> str:
    """A name of a table for an address: letters, digits and hyphens, of any script.

    >>> short_name("2024年 企业名录（新）.csv")
    '2024年-企业名录-新'
    """
    stem = re.sub(r"\.[A-Za-z]{2,7}$", "", unicodedata.normalize("NFKC", wish).strip().lower())
    words = re.sub(r"[\W_]+", "-", stem).strip("-")
    return words[:_LONGEST_NAME].strip("-") or "data"


def publish(
    entry: str, wish: str, version: Version, findings: Mapping[str, Any], store: Store, keep: int
) -> int:
    """Let a table point to a version that stands in the store; no commit.

    The commit is the moment from which it is read. A version that the table points to already is
    no new one.

    Args:
        entry: id of the entry.
        wish: what the table may be called, where it is published for the first time.
        version: the version.
        findings: counts of what was found in it, as JSON holds them.
        store: where its file stands.
        keep: how many versions can be read afterwards.

    Returns:
        The number of the version among those of its table, from 1.

    Raises:
        MissingVersion: its file is not in the store.
    """
    number = _point(entry, wish, version)
    if number is None:
        return _current_number(version.table)
    model.Session.execute(insert(versions).values(**_row(version, number), findings=dict(findings)))
    # a sweep waits for this row, or has taken the file before
    if not store.has(version.hash):
        raise MissingVersion(hash=version.hash)
    mine = (versions.c.resource_id == version.table, versions.c.removed.is_(None))
    older = update(versions).where(*mine, versions.c.number <= number - keep)
    model.Session.execute(older.values(removed=now()))
    return number


def _point(entry: str, wish: str, version: Version) -> int | None:
    """Let the pointer of a table show a version; its number, None where it showed it already."""
    model.Session.execute(_ONE_AT_A_TIME, {"entry": entry})
    mine = tables.c.resource_id == version.table
    before = model.Session.execute(select(tables).where(mine).with_for_update()).one_or_none()
    if before is None:
        pointer = {"resource_id": version.table, "package_id": entry, "hash": version.hash}
        named = upsert(tables).values(**pointer, name=_free_name(entry, wish), number=1)
        model.Session.execute(named)
        return 1
    if before.hash == version.hash and _is_readable(version.table, before.number):
        return None
    moved = {"hash": version.hash, "number": before.number + 1}
    model.Session.execute(update(tables).where(mine).values(**moved))
    return int(moved["number"])


def _free_name(entry: str, wish: str) -> str:
    taken = set(model.Session.scalars(select(tables.c.name).where(tables.c.package_id == entry)))
    name, number = short_name(wish), 2
    while name in taken:
        name, number = f"{short_name(wish)}-{number}", number + 1
    return name


def _row(version: Version, number: int) -> dict[str, Any]:
    return {
        "resource_id": version.table,
        "number": number,
        "hash": version.hash,
        "rows": version.rows,
        "bytes": version.bytes,
        "columns": [column.as_dict() for column in version.columns],
        "source": dict(version.source),
        "created": version.created.astimezone(UTC).replace(tzinfo=None),
    }


def _is_readable(table: str, number: int) -> bool:
    mine = (versions.c.resource_id == table, versions.c.number == number)
    found = select(versions.c.number).where(*mine, versions.c.removed.is_(None))
    return model.Session.scalar(found) is not None


def _current_number(table: str) -> int:
    return int(model.Session.scalar(select(tables.c.number).where(tables.c.resource_id == table)))


def current(table: str) -> Published | None:
    """The version that a table points to; None where it has none that can be read."""
    is_pointed_to = versions.c.number == tables.c.number
    found = model.Session.execute(
        _of(table).where(is_pointed_to, versions.c.removed.is_(None))
    ).one_or_none()
    return _published(found) if found else None


def named(entry: str, name: str) -> Published | None:
    """The current version of the table that an address of an entry names."""
    mine = (tables.c.package_id == entry, tables.c.name == name)
    table = model.Session.scalar(select(tables.c.resource_id).where(*mine))
    return current(table) if table else None


def of_entry(entry: str) -> list[Published]:
    """The current versions of all tables of an entry."""
    mine = select(tables.c.resource_id).where(tables.c.package_id == entry)
    found = (current(table) for table in model.Session.scalars(mine.order_by(tables.c.name)))
    return [one for one in found if one is not None]


def every() -> list[str]:
    """The ids of all tables of which a version can be read."""
    is_current = (versions.c.resource_id == tables.c.resource_id) & (
        versions.c.number == tables.c.number
    )
    found = select(tables.c.resource_id).join(versions, is_current)
    return list(model.Session.scalars(found.where(versions.c.removed.is_(None))))


def withdraw(table: str) -> None:
    """Let a table have no version that can be read any more; no commit."""
    mine = (versions.c.resource_id == table, versions.c.removed.is_(None))
    model.Session.execute(update(versions).where(*mine).values(removed=now()))


def end(table: str) -> list[str]:
    """Let no version of a table be read ever again; no commit.

    The hashes of its files, but for those that another table reads.
    """
    mine = versions.c.resource_id == table
    model.Session.execute(update(versions).where(mine).values(removed=datetime(1970, 1, 1)))
    others = select(versions.c.hash).where(~mine, versions.c.removed.is_(None))
    own = select(versions.c.hash).where(mine, versions.c.hash.not_in(others)).distinct()
    return list(model.Session.scalars(own))


def history(table: str) -> list[Published]:
    """All versions of a table, the newest first, also those whose file is gone."""
    found = model.Session.execute(_of(table).order_by(versions.c.number.desc()))
    return [_published(row) for row in found]


def _of(table: str) -> Any:
    pointer = versions.c.resource_id == tables.c.resource_id
    listed = select(versions, tables.c.package_id, tables.c.name)
    return listed.join(tables, pointer).where(versions.c.resource_id == table)


def _published(row: Row[Any]) -> Published:
    columns = tuple(Column.from_dict(one) for one in row.columns)
    created = row.created.replace(tzinfo=UTC)
    version = Version(row.resource_id, row.hash, row.rows, row.bytes, columns, created, row.source)
    return Published(row.package_id, row.name, row.number, version, row.findings, row.removed)
