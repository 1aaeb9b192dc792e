"""Making files of tables in the background, and removing those that nobody needs."""

import logging
from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model
from sqlalchemy import select

from ckanext.sdopen.jobs.held import Again, Job, Refused
from ckanext.sdopen.jobs.kinds import Kind, Periodic, Queue
from ckanext.sdopen.table_publishing import reading
from ckanext.sdopen.table_publishing.made import bounds, kept_files, order, writing
from ckanext.sdopen.tables import settings as tables_settings
from ckanext.sdopen.tables.model import versions
from ckanext.sdopen.tables.query.refusals import Busy, QueryError
from ckanext.sdopen.tables.store.errors import NoRoom

__all__ = ["TABLE_FILE", "TABLE_FILES_SWEEP"]

log = logging.getLogger(__name__)
_HOUR = 3_600.0
# the reader has as many files under way as it sends at a time
_BUSY = 5.0


def make(job: Job) -> dict[str, Any]:
    """Make a file; one that stands is left.

    Raises:
        Refused: there is no such version any more, the file cannot be made of it or takes too
            much room, or the reader refuses the question.
        Again: the reader has too much to do.
    """
    wanted = _wanted(job)
    if kept_files.find(wanted.name):
        return {}
    try:
        rows = _made(job, wanted)
    except Busy:
        raise Again(_BUSY) from None
    except QueryError as error:
        raise Refused(reading.sentence(error)) from None
    except bounds.TooLarge as error:
        raise Refused(str(error)) from None
    except NoRoom as error:
        log.warning("%s is not made: %s", wanted.name, error.sentence("en"))
        raise Refused(bounds.no_room()) from None
    except tk.ValidationError as error:
        raise Refused(
            " ".join(text for texts in error.error_dict.values() for text in texts)
        ) from None
    kept_files.make_room()
    return {"rows": rows}


def _made(job: Job, wanted: order.Order) -> int:
    rows = max(1, wanted.rows)

    def told(done: int) -> None:
        job.progress(min(done, rows), rows, {})

    with kept_files.new(wanted.name, tables_settings.least_free()) as place:
        writing.write(wanted, place, told)
    return rows


def _wanted(job: Job) -> order.Order:
    gone = tk._("The table has changed meanwhile; ask for its file again")
    try:
        wanted = order.of_payload(job.payload)
    except (tk.ObjectNotFound, tk.ValidationError):
        raise Refused(gone) from None
    # columns or entry may be others than when the file was ordered
    if wanted.name != job.payload["name"]:
        raise Refused(gone)
    return wanted


def _sweep() -> str:
    """Remove files of versions that nobody can read, what was left, and what is too much."""
    digests = kept_files.digests()
    asked = select(versions.c.hash).where(
        versions.c.hash.in_(digests), versions.c.removed.is_(None)
    )
    gone = digests - set(model.Session.scalars(asked))
    removed = sum(kept_files.remove(digest) for digest in gone)
    removed += kept_files.remove_left() + kept_files.make_room()
    return f"{removed} files removed"


TABLE_FILE = Kind("table_file", Queue.DUMPS, make, lambda: _HOUR, tries=3)
TABLE_FILES_SWEEP = Periodic("table_files_sweep", Queue.DUMPS, lambda: _HOUR, _sweep, 600.0)
