"""The statements that write a batch: each table once, all rows as one JSON parameter.

Rows go in the order of their ids, so that batches that meet wait for each other and never in a
circle. An entry whose id or name another request has just taken is left out and said (COPY would
lose the batch).
"""

import json
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import uuid4

import orjson
from ckan import model
from sqlalchemy import text

from ckanext.sdopen.catalog import entries
from ckanext.sdopen.catalog.bulk.candidates import CONFLICT, CREATED, Candidate
from ckanext.sdopen.catalog.bulk.files import COLUMNS as RESOURCE_COLUMNS
from ckanext.sdopen.catalog.model import now
from ckanext.sdopen.catalog.resource_code import parsed
from ckanext.sdopen.catalog.standard import KINDS

PACKAGE_TEXTS = (
    "name",
    "title",
    "version",
    "url",
    "author",
    "author_email",
    "maintainer",
    "maintainer_email",
    "notes",
    "license_id",
    "type",
    "owner_org",
    "creator_user_id",
    "state",
)
_PACKAGE = {
    "id": "text",
    **dict.fromkeys(PACKAGE_TEXTS, "text"),
    "private": "boolean",
    "metadata_created": "timestamp",
    "metadata_modified": "timestamp",
    "extras": "jsonb",
}
_MOMENTS = ("created", "last_modified", "cache_last_updated", "metadata_modified")
_RESOURCE = {
    "id": "text",
    "package_id": "text",
    **dict.fromkeys(RESOURCE_COLUMNS, "text"),
    **dict.fromkeys(_MOMENTS, "timestamp"),
    "size": "bigint",
    "position": "integer",
    "extras": "text",
    "state": "text",
}
_ENTRY = {
    **{c.name: "text" for c in entries.entries.columns},
    "private": "boolean",
    "topics": "text[]",
    "modified": "timestamp",
}
# what stays as it was made
_FIXED = ("id", "package_id", "creator_user_id", "metadata_created", "created")


def _insert(table: str, columns: dict[str, str], conflict: str) -> Any:
    names = ", ".join(f'"{name}"' for name in columns)
    typed = ", ".join(f'"{name}" {kind}' for name, kind in columns.items())
    return text(
        f"""
        INSERT INTO {table} ({names})
        SELECT {names} FROM json_to_recordset(CAST(:rows AS json)) AS r({typed}) {conflict}
        """  # noqa: S608 names of columns
    )


def _taken_over(columns: dict[str, str]) -> str:
    changed = (name for name in columns if name not in _FIXED)
    return ", ".join(f'"{name}" = excluded."{name}"' for name in changed)


_CREATE = _insert("package", _PACKAGE, "ON CONFLICT DO NOTHING RETURNING id")
_SETS = ", ".join(f'"{name}" = r."{name}"' for name in _PACKAGE if name not in _FIXED)
_TYPED = ", ".join(f'"{name}" {kind}' for name, kind in _PACKAGE.items())
_UPDATE = text(
    f"""
    UPDATE package p SET {_SETS} FROM json_to_recordset(CAST(:rows AS json)) AS r({_TYPED})
    WHERE p.id = r.id
    """  # noqa: S608 names of columns
)
_RESOURCES = _insert(
    "resource",
    _RESOURCE,
    f"ON CONFLICT (id) DO UPDATE SET {_taken_over(_RESOURCE)} "
    "WHERE resource.package_id = excluded.package_id",
)
_PURGE = text("DELETE FROM resource WHERE id = ANY(:ids) AND state = 'deleted'")
_ENTRIES = _insert("sdopen_entry", _ENTRY, f"ON CONFLICT (id) DO UPDATE SET {_taken_over(_ENTRY)}")
_NUMBER = {
    "kind": "text",
    "region": "text",
    "prefix": "text",
    "number": "bigint",
    "state": "text",
    "organization_id": "text",
    "entry_id": "text",
    "changed": "timestamp",
}
_NUMBERS = _insert(
    "sdopen_number",
    _NUMBER,
    "ON CONFLICT (kind, region, prefix, number) DO UPDATE SET state = excluded.state, "
    "entry_id = excluded.entry_id, changed = excluded.changed "
    "WHERE sdopen_number.entry_id IS DISTINCT FROM excluded.entry_id "
    "AND sdopen_number.state <> 'void'",
)
_HASHES = text(
    """
    UPDATE sdopen_entry e SET content_hash = r.hash
    FROM unnest(CAST(:ids AS text[]), CAST(:hashes AS text[])) AS r(id, hash) WHERE e.id = r.id
    """
)


def dumped(rows: Iterable[Any]) -> str:
    """Rows as a JSON parameter."""
    return orjson.dumps(list(rows)).decode()


def _run(statement: Any, rows: Sequence[Any]) -> Any:
    return model.Session.execute(statement, {"rows": dumped(rows)}) if rows else None


def write(candidates: Sequence[Candidate], moment: datetime) -> None:
    """Write packages, resources, narrow rows and numbers; the losers of a race get `conflict`."""
    ordered = sorted(candidates, key=lambda candidate: candidate.entry_id)
    made = _run(_CREATE, [c.package for c in ordered if c.result == CREATED])
    there = set(made.scalars()) if made is not None else set()
    for candidate in ordered:
        if candidate.result == CREATED and candidate.entry_id not in there:
            candidate.result = CONFLICT
    written = [c for c in ordered if c.result != CONFLICT]
    _run(_UPDATE, [c.package for c in written if c.result != CREATED])
    purged = [one for c in written for one in c.resources_purged]
    if purged:
        model.Session.execute(_PURGE, {"ids": purged})
    rows = [row for c in written for row in c.resources_written]
    _run(_RESOURCES, [{**row, "extras": _extras(row["extras"])} for row in rows])
    _run(_ENTRIES, [_entry(c) for c in written])
    _run(_NUMBERS, [row for c in written if (row := _number(c, moment))])


def _extras(extras: Any) -> str | None:
    return json.dumps(extras, ensure_ascii=False) if extras else None


def _entry(candidate: Candidate) -> dict[str, Any]:
    return {**entries.row_of(candidate.package), "content_hash": candidate.content_hash or None}


def _number(candidate: Candidate, moment: datetime) -> dict[str, Any] | None:
    extras = candidate.package["extras"]
    parts = parsed(extras.get("resource_code") or "")
    if parts is None:
        return None
    return {
        "kind": KINDS[candidate.package["type"]],
        "region": extras.get("region", ""),
        "prefix": parts.prefix,
        "number": parts.number,
        "state": "used",
        "organization_id": candidate.package["owner_org"],
        "entry_id": candidate.entry_id,
        "changed": moment,
    }


def remember(hashes: dict[str, str]) -> None:
    """Keep the hashes of records that changed nothing, so that the next time is cheaper."""
    if hashes:
        values = {"ids": list(hashes), "hashes": list(hashes.values())}
        model.Session.execute(_HASHES, values)


_OWNERS = text(
    """
    UPDATE member m SET state = CASE WHEN m.group_id = r.owner_org THEN 'active' ELSE 'deleted' END
    FROM json_to_recordset(CAST(:rows AS json)) AS r(id text, owner_org text)
    WHERE m.table_id = r.id AND m.table_name = 'package' AND m.capacity = 'organization'
    AND (m.state = 'active') IS DISTINCT FROM (m.group_id = r.owner_org)
    """
)
_OWNED = text(
    """
    INSERT INTO member (id, table_name, table_id, capacity, group_id, state)
    SELECT gen_random_uuid(), 'package', r.id, 'organization', r.owner_org, 'active'
    FROM json_to_recordset(CAST(:rows AS json)) AS r(id text, owner_org text)
    WHERE NOT EXISTS (
        SELECT FROM member m WHERE m.table_id = r.id AND m.table_name = 'package'
        AND m.capacity = 'organization' AND m.group_id = r.owner_org
    )
    """
)


def own(candidates: Sequence[Candidate]) -> None:
    """Leave each entry exactly one active membership, in its provider.

    CKAN 2.12 leaves an entry that comes back to a department without one
    (package_owner_org_update).
    """
    moved = [
        {"id": c.entry_id, "owner_org": c.package["owner_org"]}
        for c in candidates
        if c.known is None
        or c.known.owner_org != c.package["owner_org"]
        # a deletion ends the membership
        or c.known.state == model.State.DELETED
    ]
    if any(c.known is not None for c in candidates):
        _run(_OWNERS, moved)
    _run(_OWNED, moved)


_TAG_LOCK = text("SELECT pg_advisory_xact_lock(hashtextextended('sdopen-tags', 0))")
_TAGS = text("SELECT name, id FROM tag WHERE name = ANY(:names) AND vocabulary_id IS NULL")
_NEW_TAGS = text(
    """
    INSERT INTO tag (id, name)
    SELECT * FROM unnest(CAST(:ids AS text[]), CAST(:names AS text[]))
    """
)
_PACKAGE_TAGS = text(
    """
    INSERT INTO package_tag (id, package_id, tag_id, state)
    SELECT id, package_id, tag_id, state FROM json_to_recordset(CAST(:rows AS json))
    AS r(id text, package_id text, tag_id text, state text)
    ON CONFLICT (id) DO UPDATE SET state = excluded.state
    """
)


def _tag_ids(names: set[str]) -> dict[str, str]:
    """{name: id} of free tags, made where they are missing.

    The key of the table holds NULL for free tags, so no conflict tells of a double: who makes
    tags does so alone, and looks again first.
    """
    listed = {"names": sorted(names)}
    ids = {row.name: row.id for row in model.Session.execute(_TAGS, listed)}
    if names - set(ids):
        model.Session.execute(_TAG_LOCK)
        ids = {row.name: row.id for row in model.Session.execute(_TAGS, listed)}
        new = {name: str(uuid4()) for name in sorted(names - set(ids))}
        if new:
            values = {"ids": list(new.values()), "names": list(new)}
            model.Session.execute(_NEW_TAGS, values)
        ids |= new
    return ids


def tag(candidates: Sequence[Candidate]) -> None:
    """Write which tags the entries bear; one that returns is the row that it was."""
    for candidate in candidates:
        known_tags = candidate.known.tags if candidate.known else ()
        candidate.tag_ids = {t["name"]: t["tag_id"] for t in known_tags}
    changed = [c for c in candidates if set(c.tags) != active_tags(c)]
    if not changed:
        return
    ids = _tag_ids({name for c in changed for name in c.tags})
    rows = []
    for candidate in changed:
        known = {t["tag_id"]: t for t in (candidate.known.tags if candidate.known else ())}
        candidate.tag_ids = {name: ids[name] for name in candidate.tags}
        wanted = set(candidate.tag_ids.values())
        for tag_id in wanted | set(known):
            state = "active" if tag_id in wanted else "deleted"
            before = known.get(tag_id)
            if before is None or before["state"] != state:
                row_id = before["id"] if before else str(uuid4())
                rows.append(
                    {"id": row_id, "package_id": candidate.entry_id, "tag_id": tag_id}
                    | {"state": state}
                )
    _run(_PACKAGE_TAGS, rows)


def active_tags(candidate: Candidate) -> set[str]:
    """The names of the free tags that the stored entry bears."""
    known = candidate.known.tags if candidate.known else ()
    return {t["name"] for t in known if t["state"] == "active" and not t["vocabulary_id"]}


__all__ = ["active_tags", "dumped", "now", "own", "remember", "tag", "write"]
