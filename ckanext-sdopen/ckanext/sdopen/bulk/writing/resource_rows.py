"""The rows of an entry's resources: from what a record says and what is stored."""

import mimetypes
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any
from urllib.parse import urlparse
from uuid import uuid4

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.types import Context

from ckanext.sdopen import config
from ckanext.sdopen.language import language
from ckanext.sdopen.standard import values
from ckanext.sdopen.standard.elements import Element
from ckanext.sdopen.standard.findings import Finding, sentence
from ckanext.sdopen.standard.stored_values import to_stored

Row = dict[str, Any]

_TEXTS = (
    "url",
    "description",
    "hash",
    "name",
    "resource_type",
    "url_type",
    "mimetype",
    "mimetype_inner",
    "cache_url",
)
_MOMENTS = ("created", "last_modified", "cache_last_updated")
# what CKAN sets itself, whatever a client sends back from package_show
_OWN = frozenset(
    (
        "package_id",
        "state",
        "position",
        "metadata_modified",
        "revision_timestamp",
        "tracking_summary",
        "extras",
        "upload",
        "clear_upload",
        "on_application",
    )
)
COLUMNS = (*_TEXTS, "format", "size", *_MOMENTS)
# an empty value of what the schemas declare counts as none; others are kept as they come
_DECLARED = (*COLUMNS, "record_count", "original_filename", "source_key", "datastore_active")
_COMPARED = (*COLUMNS, "extras", "position", "state")
# what CKAN removes of a resource that comes without it
_REMOVED = {
    column.name: None if column.nullable else ""
    for column in model.resource_table.columns
    if column.doc == "remove_if_not_provided"
}
_CONTEXT = Context()
_COUNT = Element("record_count", "count", {})


class _Wrong(Exception):
    """A value of a resource that is not taken: the element, and why."""

    def __init__(self, part: str, message: str) -> None:
        super().__init__(part, message)
        self.part, self.message = part, message


def _taken(part: str, check: Callable[[Any], Any], value: Any) -> Any:
    """What a check makes of a value; _Wrong where it refuses it."""
    try:
        return check(value)
    except tk.Invalid as error:
        raise _Wrong(part, error.error) from None


def _whole(value: Any) -> Any:
    return tk.get_validator("int_validator")(value, _CONTEXT)


def _moment(value: Any) -> str | None:
    when = tk.get_validator("isodate")(value, _CONTEXT)
    return when.isoformat() if when else None


def _values(resource: Mapping[str, Any]) -> tuple[Row, Row]:
    """(columns, extras) of what a record says of a resource; None and what is ours left out."""
    columns: Row = {}
    extras: Row = {}
    for name, value in resource.items():
        if name in _OWN or name == "id" or (value is None and name in _DECLARED):
            continue
        if name in _TEXTS:
            columns[name] = value if isinstance(value, str) else str(value)
        elif name in _MOMENTS:
            columns[name] = _taken(name, _moment, value)
        elif name == "size":
            columns[name] = _taken(name, _whole, value)
        elif name == "record_count":
            extras[name] = _taken(name, _count, value)
        elif name in ("original_filename", "source_key"):
            extras[name] = str(value)
        elif name != "format":
            extras[name] = value
    if "url" in columns:
        columns["url"] = columns["url"].strip()
        if columns.get("url_type") == "upload":
            columns["url"] = columns["url"].rsplit("/")[-1]
    wanted = resource.get("format")
    if not wanted and not resource.get("id") and columns.get("url"):
        wanted = _guessed(columns["url"])
    if wanted is not None:
        columns["format"] = tk.h.unified_resource_format(str(wanted)) if wanted else wanted
    return columns, extras


def _count(value: Any) -> Any:
    problem = values.CHECKS["count"](_COUNT, config.limits())(value) if value != "" else None
    if problem:
        raise tk.Invalid(sentence(Finding(problem[0], "record_count", problem[1]), language()))
    return to_stored("count")(value) if value != "" else ""


def _guessed(url: str) -> str | None:
    parsed = urlparse(url)
    if parsed.scheme and not parsed.path:
        return None
    return mimetypes.guess_type(url)[0]


def _mimetype(url: str | None) -> str | None:
    """What package_update, not package_create, takes for the MIME type of a changed resource."""
    if not url or tk.config.get("ckan.mimetype_guess") != "file_ext" or not urlparse(url).path:
        return None
    return mimetypes.guess_type(url)[0]


def _as_sent(row: Row) -> Row:
    """A stored row without what changes by itself, for comparison."""
    return {name: row.get(name) for name in _COMPARED}


def rows(
    entry_id: str,
    sent: list[dict[str, Any]] | None,
    stored: list[Row],
    now: datetime,
    is_update: bool,
    errors: list[dict[str, list[str]]],
) -> tuple[list[Row], list[Row], list[str]]:
    """What an entry's resources are after a write.

    Args:
        sent: the record's resources, with ids where they have any; None leaves them as they are.
        stored: all rows of the entry, the deleted ones too.
        is_update: whether the entry exists; CKAN then guesses MIME types.
        errors: gets what is wrong, one object per resource.

    Returns:
        (all active rows in order, those to be written, ids of deleted rows to be purged).
    """
    known = {row["id"]: row for row in stored}
    active = [row for row in stored if row["state"] == "active"]
    if sent is None:
        return active, [], []
    result: list[Row] = []
    for position, resource in enumerate(sent):
        errors.append({})
        try:
            result.append(_row(entry_id, resource, position, known, now, is_update))
        except _Wrong as error:
            errors[-1][error.part] = [error.message]
    kept = {row["id"] for row in result}
    written = [row for row in result if _as_sent(known.get(row["id"], {})) != _as_sent(row)]
    # CKAN's list gives the first place to what is taken out of it
    gone = [{**row, "state": "deleted", "position": 0} for row in active if row["id"] not in kept]
    changed = bool(gone) or [r["id"] for r in active] != [r["id"] for r in result]
    purged = [r["id"] for r in stored if r["state"] == "deleted" and r["id"] not in kept]
    return result, written + gone, purged if changed else []


def _row(
    entry_id: str,
    resource: Mapping[str, Any],
    position: int,
    known: Mapping[str, Row],
    now: datetime,
    is_update: bool,
) -> Row:
    resource_id = str(resource.get("id") or uuid4())
    before = known.get(resource_id)
    if before is None:
        _taken("id", tk.get_validator("uuid_validator"), resource_id)
    columns, extras = _values(resource)
    if is_update and "mimetype" not in resource and (guessed := _mimetype(columns.get("url"))):
        columns["mimetype"] = guessed
    blank = dict.fromkeys(COLUMNS)
    # CKAN's object begins with empty texts here, and with the moment it is made
    blank |= {"format": "", "hash": "", "created": now.isoformat()}
    row = {**(before or blank), **_REMOVED, **columns, "id": resource_id, "package_id": entry_id}
    row |= {"extras": extras or None, "position": position, "state": "active"}
    if before is None or any(before.get(n) != row[n] for n in (*COLUMNS, "extras")):
        row["metadata_modified"] = now.isoformat()
    return row
