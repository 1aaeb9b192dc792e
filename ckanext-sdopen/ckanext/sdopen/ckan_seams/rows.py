"""Entries as their rows say: read set-based, or put together from rows about to be written."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import orjson
from ckan import model
from sqlalchemy import text

Row = dict[str, Any]
# columns that no show of a package holds, or that are read in another form
_APART = ("extras", "plugin_data")


@dataclass(slots=True)
class Stored:
    """One package: the columns of its rows by name, moments as datetimes, `extras` as objects.

    `resources` are the active ones by position, `tags` the active ones, `organization` the row of
    the active owner, `catalog` the package row of what an interface serves. `related` tells of rows
    in groups or relationships, which CKAN's own functions show.
    """

    package: Row
    resources: list[Row] = field(default_factory=list)
    tags: list[Row] = field(default_factory=list)
    organization: Row | None = None
    catalog: Row | None = None
    related: bool = False

    @property
    def id(self) -> str:
        """The id of the package."""
        return str(self.package["id"])

    @property
    def extras(self) -> Mapping[str, str]:
        """The elements of the entry, as texts."""
        return self.package["extras"] or {}


@cache
def _columns(name: str) -> tuple[str, ...]:
    table = {"p": model.package_table, "r": model.resource_table, "g": model.group_table}[name]
    # plain texts: SQLAlchemy's own kind of them cannot be a key of JSON
    return tuple(str(c.name) for c in table.columns if c.name not in _APART)


def _selected(name: str, *more: str) -> str:
    return ", ".join([*(f'{name}."{column}"' for column in _columns(name)), *more])


@cache
def _packages(lock: bool) -> Any:
    """Packages and the catalogs that they serve; what a writer holds is left to him."""
    return text(
        f"""
        SELECT {_selected("p", "p.extras::text")} FROM package p WHERE p.id IN (
            SELECT unnest(CAST(:ids AS text[])) UNION
            SELECT serves FROM sdopen_entry WHERE id = ANY(:ids) AND serves IS NOT NULL
        ) ORDER BY p.id {"FOR SHARE OF p SKIP LOCKED" if lock else ""}
        """  # noqa: S608 names of columns
    )


@cache
def _resources() -> Any:
    return text(
        f"""
        SELECT {_selected("r", "r.extras")} FROM resource r
        WHERE r.package_id = ANY(:ids) AND r.state = 'active' ORDER BY r.package_id, r.position
        """  # noqa: S608 names of columns
    )


@cache
def _organizations() -> Any:
    return text(
        f"""
        SELECT {_selected("g")} FROM "group" g WHERE g.id = ANY(:ids) AND g.state = 'active'
        """  # noqa: S608 names of columns
    )


_TAGS = text(
    """
    SELECT pt.package_id, t.id, t.name, t.vocabulary_id FROM package_tag pt
    JOIN tag t ON t.id = pt.tag_id WHERE pt.package_id = ANY(:ids) AND pt.state = 'active'
    """
)
_RELATED = text(
    """
    SELECT m.table_id FROM member m WHERE m.table_id = ANY(:ids) AND m.state = 'active'
    AND NOT (SELECT g.is_organization FROM "group" g WHERE g.id = m.group_id)
    UNION ALL SELECT subject_package_id FROM package_relationship
    WHERE subject_package_id = ANY(:ids)
    UNION ALL SELECT object_package_id FROM package_relationship WHERE object_package_id = ANY(:ids)
    """
)


def _asked(statement: Any, ids: Collection[str]) -> Any:
    return model.Session.execute(statement, {"ids": list(ids)}) if ids else ()


def packages(ids: Collection[str], lock: bool = False) -> dict[str, Row]:
    """The rows of packages, and of the catalogs that they serve, by id."""
    names = (*_columns("p"), "extras")
    rows = {}
    for values in _asked(_packages(lock), ids):
        row = dict(zip(names, values, strict=True))
        row["extras"] = orjson.loads(row["extras"]) if row["extras"] else {}
        rows[row["id"]] = row
    return rows


def organizations(ids: Collection[str]) -> dict[str, Row]:
    """The rows of active organizations, by id."""
    found = (dict(zip(_columns("g"), row, strict=True)) for row in _asked(_organizations(), ids))
    return {row["id"]: row for row in found}


def served(row: Row) -> str:
    """The id of the catalog that the package of a row serves; empty where it serves none."""
    return str(row["extras"].get("catalog") or "") if row["type"] == "interface" else ""


def _fill(entries: dict[str, Stored]) -> None:
    names = (*_columns("r"), "extras")
    for values in _asked(_resources(), entries):
        row = dict(zip(names, values, strict=True))
        row["extras"] = orjson.loads(row["extras"]) if row["extras"] else {}
        entries[row["package_id"]].resources.append(row)
    for package_id, tag_id, name, vocabulary in _asked(_TAGS, entries):
        tag = {"id": tag_id, "name": name, "vocabulary_id": vocabulary}
        entries[package_id].tags.append(tag)
    for (package_id,) in _asked(_RELATED, entries):
        if package_id in entries:
            entries[package_id].related = True


def existing(ids: Collection[str]) -> set[str]:
    """Those of the ids that packages have, whoever holds them."""
    found = text("SELECT id FROM package WHERE id = ANY(:ids)")
    return {one for (one,) in _asked(found, ids)}


def load(ids: Collection[str], lock: bool = False) -> dict[str, Stored]:
    """The packages of these ids, in five statements, six where an interface's catalog is unknown.

    With `lock` nobody changes them, nor the catalogs that they serve, until the transaction ends;
    those of which somebody changes one just now are left out, so that nobody waits in a circle.
    """
    wanted = sorted(set(ids))
    rows = packages(wanted, lock)
    entries = {one: Stored(rows[one]) for one in wanted if one in rows}
    catalogs = {key: served(entry.package) for key, entry in entries.items()}
    # the narrow table lacks an entry that nobody registered yet
    unknown = {catalog for catalog in catalogs.values() if catalog and catalog not in rows}
    rows |= packages(sorted(unknown), lock) if unknown else {}
    held = existing(unknown - set(rows)) if lock else set()
    entries = {key: entry for key, entry in entries.items() if catalogs[key] not in held}
    owners = organizations({e.package["owner_org"] for e in entries.values()} - {None, ""})
    for key, entry in entries.items():
        entry.organization = owners.get(entry.package["owner_org"])
        entry.catalog = rows.get(catalogs[key])
    _fill(entries)
    return entries
