"""What a batch asks of the directory, each thing once: departments, catalogs, the entries stored.

Departments and the catalogs that interfaces serve are CKAN's own objects, loaded with one
statement and held: what the rules look up by id they find in the session.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

import orjson
from ckan import model
from sqlalchemy import select, text

from ckanext.sdopen.bulk.record import Known
from ckanext.sdopen.directory.model import entries

_LOCK = text("SELECT id FROM package WHERE id = ANY(:ids) ORDER BY id FOR UPDATE")
# as text: the driver's own parser of JSON is the slower one
_PACKAGES = text("SELECT CAST(row_to_json(p) AS text) FROM package p WHERE id = ANY(:ids)")
_RESOURCES = text(
    """
    SELECT CAST(row_to_json(r) AS text) FROM resource r WHERE package_id = ANY(:ids)
    ORDER BY package_id, position, id
    """
)
_PACKAGE_MOMENTS = ("metadata_created", "metadata_modified")
_RESOURCE_MOMENTS = ("created", "last_modified", "metadata_modified", "cache_last_updated")
_TAGS = text(
    """
    SELECT pt.package_id, pt.id, pt.tag_id, pt.state, t.name, t.vocabulary_id
    FROM package_tag pt JOIN tag t ON t.id = pt.tag_id WHERE pt.package_id = ANY(:ids)
    """
)


class Directory:
    """The lookups of one batch."""

    def __init__(self) -> None:
        self._groups: dict[str, model.Group | None] = {}
        self._catalogs: dict[str, model.Package | None] = {}

    def load_departments(self, references: Iterable[Any]) -> None:
        """Load the departments of these ids or names, one statement."""
        wanted = sorted({r for r in references if isinstance(r, str) and r} - set(self._groups))
        if not wanted:
            return
        found = model.Session.query(model.Group).filter(
            model.Group.id.in_(wanted) | model.Group.name.in_(wanted)
        )
        self._groups |= dict.fromkeys(wanted)
        for group in found:
            self._groups[group.id] = self._groups[group.name] = group

    def group(self, reference: str) -> model.Group | None:
        """The group of an id or name that was loaded, whatever its kind and state."""
        return self._groups.get(reference)

    def department(self, reference: Any) -> model.Group | None:
        """The active organization of an id or name that was loaded."""
        group = self._groups.get(reference) if isinstance(reference, str) else None
        if group is None or not group.is_organization or group.state != model.State.ACTIVE:
            return None
        return group

    def load_catalogs(self, references: Iterable[Any], held: bool = False) -> None:
        """Load the catalogs of these ids, names or addresses, one statement.

        Nobody changes a held one until the transaction ends.
        """
        named = {_last(r) for r in references if isinstance(r, str)} - {""}
        wanted = sorted(named - set(self._catalogs))
        if not wanted:
            return
        found = model.Session.query(model.Package).filter(
            model.Package.id.in_(wanted) | model.Package.name.in_(wanted),
            model.Package.type == "dataset",
        )
        if held:
            found = found.order_by(model.Package.id).with_for_update(read=True)
        self._catalogs |= dict.fromkeys(wanted)
        # written by statements of this batch, perhaps
        for package in found.populate_existing():
            self._catalogs[package.id] = self._catalogs[package.name] = package

    def catalog(self, reference: Any) -> model.Package | None:
        """The catalog of a reference that was loaded."""
        return self._catalogs.get(_last(reference)) if isinstance(reference, str) else None


def _last(reference: str) -> str:
    return reference.strip().rstrip("/").rsplit("/", 1)[-1]


def lock(ids: Iterable[str]) -> None:
    """Hold the rows of these entries, in one order, until the transaction ends."""
    model.Session.execute(_LOCK, {"ids": sorted(set(ids))})


def stored(ids: Iterable[str]) -> dict[str, Known]:
    """{id: what is stored} of the entries that exist; three statements."""
    wanted = {"ids": sorted(set(ids))}
    packages = {row["id"]: row for row in _rows(_PACKAGES, wanted, _PACKAGE_MOMENTS)}
    if not packages:
        return {}
    resources: dict[str, list[Any]] = defaultdict(list)
    for row in _rows(_RESOURCES, wanted, _RESOURCE_MOMENTS):
        row["extras"] = json.loads(row["extras"]) if row["extras"] else None
        resources[row["package_id"]].append(row)
    tags: dict[str, list[Any]] = defaultdict(list)
    for row in model.Session.execute(_TAGS, wanted).mappings():
        tags[row["package_id"]].append(dict(row))
    return {
        one: Known(package, tuple(resources[one]), tuple(tags[one]))
        for one, package in packages.items()
    }


def _rows(
    statement: Any, wanted: Mapping[str, Any], moments: Iterable[str]
) -> Iterator[dict[str, Any]]:
    """Rows as objects, moments as CKAN writes them: PostgreSQL drops zeros at their end."""
    for found in model.Session.execute(statement, wanted).scalars():
        row = orjson.loads(found)
        for name in moments:
            if row[name]:
                row[name] = datetime.fromisoformat(row[name]).isoformat()
        yield row


def hashes(ids: Iterable[str]) -> Mapping[str, str]:
    """{id: hash of the record as a bulk write last brought it}.

    None of an entry that was changed past the portal since, as `ckan dataset delete` does.
    """
    package = model.Package
    rows = model.Session.execute(
        select(entries.c.id, entries.c.content_hash)
        .join(package, package.id == entries.c.id)
        .where(
            entries.c.id.in_(sorted(set(ids))),
            entries.c.content_hash.is_not(None),
            entries.c.state == package.state,
            entries.c.modified == package.metadata_modified,
        )
    )
    return {row.id: row.content_hash for row in rows}
