"""How far the check and the import of a book are, as its jobs tell."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import Row

from ckanext.sdopen.jobs import queues
from ckanext.sdopen.jobs.states import State
from ckanext.sdopen.workbook.uploads.check_job import WORKBOOK_CHECK
from ckanext.sdopen.workbook.uploads.import_job import WORKBOOK_IMPORT
from ckanext.sdopen.workbook.uploads.store import Uploaded


def _told(row: Row[Any]) -> dict[str, Any]:
    told = {"state": row.state, "job": row.id}
    return {**told, "error": row.error} if row.error else told


def check_of(book: Uploaded, row: Row[Any] | None) -> dict[str, Any]:
    """`{"state", "job", "error"}` of the check of a book; a checked one needs no job for it."""
    if book.is_checked:
        return {"state": State.DONE.value}
    return {**_told(row), "ahead": queues.ahead(row)} if row else {"state": State.FAILED.value}


def import_of(book: Uploaded, row: Row[Any] | None) -> dict[str, Any]:
    """How far the import of a book is; empty where there is none.

    Returns:
        `{"state", "job", "done", "total", "created", "updated", "unchanged", "pending", "faulty",
        "refused_count", "refused": [{"sheet", "row", "message"}], "error"}`, numbers from the
        first batch on.
    """
    if row is None:
        # one that an earlier version of the portal left unfinished may be imported again
        return book.progress if book.progress.get("state") == State.DONE else {}
    counts = row.result or row.kept.get("counts") or {}
    done = {"done": row.done or 0, "total": row.total or book.summary.get("catalogs", 0)}
    return {**_told(row), **done, **counts}


def jobs_of(books: Collection[Uploaded]) -> dict[str, dict[str, Row[Any]]]:
    """{kind: {id of a book: its last job}}, in one query a kind; checked books need no check."""
    unchecked = [book.id for book in books if not book.is_checked]
    ids = [book.id for book in books]
    return {
        WORKBOOK_CHECK.name: queues.latest(WORKBOOK_CHECK, unchecked) if unchecked else {},
        WORKBOOK_IMPORT.name: queues.latest(WORKBOOK_IMPORT, ids) if ids else {},
    }


def shown(books: Collection[Uploaded]) -> list[dict[str, Any]]:
    """What is told of some books."""
    jobs = jobs_of(books)
    checks, imports = jobs[WORKBOOK_CHECK.name], jobs[WORKBOOK_IMPORT.name]
    return [
        {
            "id": book.id,
            "name": book.name,
            "created": book.created,
            "expires": book.expires,
            "annotated": book.is_checked and book.checked().annotated is not None,
            "summary": {k: v for k, v in book.summary.items() if k != "columns"},
            "check": check_of(book, checks.get(book.id)),
            "import": import_of(book, imports.get(book.id)),
        }
        for book in books
    ]
