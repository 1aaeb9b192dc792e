"""The check of an uploaded book, and the sweeping of old ones, away from the web server."""

from pathlib import Path

import ckan.plugins.toolkit as tk

from ckanext.sdopen import config, moments
from ckanext.sdopen.jobs.held import Job, Refused
from ckanext.sdopen.jobs.kinds import Kind, Periodic, Queue
from ckanext.sdopen.sheets.confinement import Bounds
from ckanext.sdopen.workbook.child_process import Request, check_book
from ckanext.sdopen.workbook.messages import BookError
from ckanext.sdopen.workbook.uploads import store
from ckanext.sdopen.workbook.uploads.store import Uploaded

__all__ = ["WORKBOOK_CHECK", "WORKBOOK_SWEEP"]

# beside the time of the child: to start it and to read what it left
_AROUND = 120.0


def _request(path: Path, lang: str) -> Request:
    bounds = Bounds(
        tk.config["ckanext.sdopen.workbook.memory_mb"], tk.config["ckanext.sdopen.workbook.seconds"]
    )
    return Request(path, config.profile(), moments.today(), lang, True, True, bounds)


def check(job: Job) -> dict[str, str]:
    """Check a book and keep the result beside it; of a book that is refused nothing stays.

    Raises:
        Refused: it cannot be read, bears a mark of secrecy, or is not there any more.
    """
    book = store.find(job.payload["book"])
    if book is None:
        raise Refused(tk._("There is no such workbook, or its days are over"))
    if not book.summary:
        try:
            _check(book, job.language)
        except BookError as error:
            book.remove()
            raise Refused(error.sentence(job.language)) from None
    return {"book": book.id}


def _check(book: Uploaded, lang: str) -> None:
    checked = check_book(_request(book.folder / store.ORIGINAL, lang), book.folder)
    secret = checked.confidential()
    if secret:
        raise secret
    book.summary = checked.summary
    book.save()


def _sweep() -> str:
    return f"{store.sweep()} workbooks removed"


def _seconds() -> float:
    return float(tk.config["ckanext.sdopen.workbook.seconds"]) + _AROUND


WORKBOOK_CHECK = Kind("workbook_check", Queue.CHECKS, check, _seconds)
WORKBOOK_SWEEP = Periodic("workbook_sweep", Queue.UPKEEP, lambda: 3_600.0, _sweep, 600.0)
