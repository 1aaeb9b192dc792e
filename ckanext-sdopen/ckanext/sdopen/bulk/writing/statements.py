"""The statements that write a batch: each table once, all rows as one JSON parameter.

Rows go in the order of their ids, so that batches that meet wait for each other and never in a
circle. An entry whose id or name another request has just taken is left out and said (COPY would
lose the batch).
"""

import json
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

import orjson
from ckan import model
from sqlalchemy import text

from ckanext.sdopen.bulk.record import CONFLICT, CREATED, Candidate
from ckanext.sdopen.bulk.writing.resource_rows import COLUMNS as RESOURCE_COLUMNS
from ckanext.sdopen.directory import narrow_table
from ckanext.sdopen.identifiers.resource_code import parsed
from ckanext.sdopen.standard.elements import KIND_OF_TYPE

# columns that a record fills, and those that follow from it
SENT_TEXTS = (
    "title",
    "version",
    "url",
    "author",
    "author_email",
    "maintainer",
    "maintainer_email",
    "notes",
    "license_id",
)
_COMPUTED_TEXTS = ("name", "type", "owner_org", "creator_user_id", "state")
_PACKAGE = {
    "id": "text",
    **dict.fromkeys((*SENT_TEXTS, *_COMPUTED_TEXTS), "text"),
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
    **{c.name: "text" for c in narrow_table.entries.columns},
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
    FROM unnest(CAST(:ids AS text[]), CAST(:hashes AS text[])) AS r(id, hash)
    WHERE e.id = r.id AND e.content_hash IS DISTINCT FROM r.hash
    """
)


def dumped(rows: Iterable[Any]) -> str:
    """Rows as a JSON parameter."""
    return orjson.dumps(list(rows)).decode()


def as_json(value: Any) -> str:
    """A value as JSON text, whatever the size of its numbers."""
    try:
        # keys that CKAN took from its tables are texts of SQLAlchemy's kind
        return orjson.dumps(value, option=orjson.OPT_NON_STR_KEYS).decode()
    except TypeError:
        return json.dumps(value, ensure_ascii=False)


def run(statement: Any, rows: Sequence[Any]) -> Any:
    """Execute a statement with rows as its one parameter; nothing where there are none."""
    return model.Session.execute(statement, {"rows": dumped(rows)}) if rows else None


def write(candidates: Sequence[Candidate], moment: datetime) -> None:
    """Write packages, resources, narrow rows and numbers; the losers of a race get `conflict`."""
    ordered = sorted(candidates, key=lambda candidate: candidate.entry_id)
    made = run(_CREATE, [c.package for c in ordered if c.result == CREATED])
    there = set(made.scalars()) if made is not None else set()
    for candidate in ordered:
        if candidate.result == CREATED and candidate.entry_id not in there:
            candidate.result = CONFLICT
    written = [c for c in ordered if c.result != CONFLICT]
    run(_UPDATE, [c.package for c in written if c.result != CREATED])
    purged = [one for c in written for one in c.resources_purged]
    if purged:
        model.Session.execute(_PURGE, {"ids": purged})
    rows = [row for c in written for row in c.resources_written]
    run(_RESOURCES, [{**row, "extras": _extras(row["extras"])} for row in rows])
    run(_ENTRIES, [_entry(c) for c in written])
    run(_NUMBERS, _numbers(written, moment))


def _extras(extras: Any) -> str | None:
    return json.dumps(extras, ensure_ascii=False) if extras else None


def _entry(candidate: Candidate) -> dict[str, Any]:
    return {
        **narrow_table.row_of(candidate.package),
        "content_hash": candidate.content_hash or None,
    }


def _numbers(candidates: Iterable[Candidate], moment: datetime) -> list[dict[str, Any]]:
    """The numbers that the entries bear, each once: 307001/7 and 307001/000007 have one.

    The last that was sent bears it, as when they come one after the other.
    """
    sent = sorted(candidates, key=lambda candidate: candidate.position)
    rows = [row for candidate in sent if (row := _number(candidate, moment))]
    borne = {(row["kind"], row["region"], row["prefix"], row["number"]): row for row in rows}
    return [borne[key] for key in sorted(borne)]


def _number(candidate: Candidate, moment: datetime) -> dict[str, Any] | None:
    extras = candidate.package["extras"]
    parts = parsed(extras.get("resource_code") or "")
    if parts is None:
        return None
    return {
        "kind": KIND_OF_TYPE[candidate.package["type"]],
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
