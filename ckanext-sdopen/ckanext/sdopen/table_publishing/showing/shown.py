"""Versions and loads of a table as actions and pages give them."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model
from sqlalchemy import Row

from ckanext.sdopen.jobs import queues
from ckanext.sdopen.language import language
from ckanext.sdopen.table_publishing import reading
from ckanext.sdopen.table_publishing.loading import kept, queueing
from ckanext.sdopen.table_publishing.loading.kept import BOOK, FINDINGS, MARKED, ROWS, Kept
from ckanext.sdopen.table_publishing.written import queueing as publications
from ckanext.sdopen.tables import history
from ckanext.sdopen.tables.history import Published


def said(words: Mapping[str, str]) -> str:
    """A sentence that is kept in both languages, in that of the request."""
    return words["zh" if language().startswith("zh") else "en"]


def _moment(value: datetime | None) -> str | None:
    if value is None:
        return None
    aware = value if value.tzinfo else value.replace(tzinfo=UTC)
    return aware.replace(microsecond=0).isoformat()


def current(found: Published | None) -> dict[str, Any] | None:
    """The version that is read now, with its columns."""
    if found is None:
        return None
    given = reading.given(found.entry, found.version)
    columns = [column.as_dict() for column in given.columns]
    return {**version(found), "name": found.name, "columns": columns}


def versions(resource_id: str) -> list[dict[str, Any]]:
    """All versions of a table, the newest first."""
    return [
        {
            **version(one),
            "columns": len(one.version.columns),
            "removed": _moment(one.removed),
        }
        for one in history.history(resource_id)
    ]


def version(found: Published) -> dict[str, Any]:
    """A version by number and hash, with its sizes and when it was made."""
    version = found.version
    return {
        "number": found.number,
        "hash": version.hash,
        "rows": version.rows,
        "bytes": version.bytes,
        "created": _moment(version.created),
    }


def job(resource: model.Resource, written: bool) -> dict[str, Any] | None:
    """How far the load of the resource's present file, or the publication of what was written, is.

    None where none was asked for.
    """
    row = publications.latest(resource) if written else queueing.latest(resource)
    return _of_job(row) if row else None


def _of_job(row: Row[Any]) -> dict[str, Any]:
    return {
        "id": row.id,
        "state": row.state,
        "stage": (row.kept or {}).get("stage", ""),
        "done": row.done or 0,
        "total": row.total or 0,
        "ahead": queues.ahead(row),
        "error": row.error,
    }


def last(resource_id: str) -> dict[str, Any] | None:
    """What came of the last load that ended; None where there was none."""
    load = kept.last(resource_id)
    return _of_load(load) if load else None


def _of_load(load: Kept) -> dict[str, Any]:
    summary = load.summary
    counts = [{**_but_said(one), "message": said(one)} for one in summary.get("counts", ())]
    columns = [{**_but_said(one), "message": said(one)} for one in summary.get("columns", ())]
    return {
        "job": load.job,
        "ended": load.ended,
        "file": load.file,
        "source": load.source,
        "number": load.number,
        "rows": load.rows,
        "refused": said(load.refused) if load.refused else None,
        "remarks": [said(one) for one in load.remarks],
        "summary": {**summary, "counts": counts, "columns": columns} if summary else {},
        "files": addresses(load),
    }


def _but_said(one: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in one.items() if name not in ("zh", "en")}


def addresses(load: Kept) -> dict[str, str]:
    """{"findings", "rows", "book", "marked"}: addresses of the files of a load that it has."""
    files = {"findings": FINDINGS, "rows": ROWS, "book": BOOK, "marked": MARKED}
    return {
        name: tk.url_for(f"sdopen_table.{name}", resource_id=load.resource, _external=True)
        for name, file in files.items()
        if kept.file_of(load, file)
    }
