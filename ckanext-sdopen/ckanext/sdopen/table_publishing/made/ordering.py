"""Files that are asked for: given where they stand, else made at once or in the background."""

from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import IO

import ckan.plugins.toolkit as tk
from ckan import model
from sqlalchemy import Row

from ckanext.sdopen import moments
from ckanext.sdopen.errors import SdopenError
from ckanext.sdopen.jobs import queues
from ckanext.sdopen.jobs.states import OPEN, State
from ckanext.sdopen.table_publishing.giving import found as finding
from ckanext.sdopen.table_publishing.made import (
    bounds,
    coordinates,
    kept_files,
    order,
    settings,
    writing,
)
from ckanext.sdopen.table_publishing.made.make_job import TABLE_FILE
from ckanext.sdopen.table_publishing.made.order import CSV, GEOJSON, XLSX, Order
from ckanext.sdopen.tables import history
from ckanext.sdopen.tables import settings as tables_settings

# for so long a file that could not be made is not begun again
_FAILED = timedelta(minutes=5)


class BeingMade(SdopenError):
    """The file is being made; `job` is its row, None where it was queued just now."""

    def __init__(self, job: Row | None) -> None:
        super().__init__()
        self.job = job


class NotMade(SdopenError):
    """The file could not be made; the text says why."""


def file(wanted: Order, *, is_looked_at: bool = False) -> Path | IO[bytes]:
    """The made file, or one that is made here and is gone when it is closed.

    Args:
        wanted: which one.
        is_looked_at: whether nothing of it is sent, so that nothing need be made.

    Raises:
        TooLarge: it would be too large.
        NoRoom: the disk has less room than must stay.
        BeingMade: the background makes it.
        NotMade: it could not be made a moment ago.
        TooMany: the caller has too many files under way.
        ValidationError, QueryError: the table or its reader refuses it.
        TableReaderAway: it does not answer.
    """
    path = kept_files.find(wanted.name)
    if path:
        return path
    if wanted.form == GEOJSON:
        coordinates.require(wanted.found.version.columns)
    bounds.require_size(wanted)
    if not bounds.is_at_once(wanted.rows, len(wanted.question.columns)):
        raise BeingMade(None if is_looked_at else _under_way(wanted))
    if is_looked_at:
        return BytesIO()
    with kept_files.place(tables_settings.least_free()) as place:
        writing.write(wanted, place)
        # its name is gone with the block, its bytes when it is closed with the answer
        return place.path.open("rb")


def _under_way(wanted: Order) -> Row | None:
    row = queues.latest(TABLE_FILE, [wanted.name]).get(wanted.name)
    if row is not None and row.state in OPEN:
        return row
    if row is not None and row.state == State.FAILED and _is_recent(row.ended):
        raise NotMade(row.error)
    account = tk.current_user.id if tk.current_user.is_authenticated else ""
    queues.refuse_beyond(TABLE_FILE, account, settings.most_waiting())
    _queue(wanted, account)
    model.Session.commit()
    return None


def _is_recent(ended: datetime) -> bool:
    return moments.instant() - ended.astimezone(UTC) < _FAILED


def _queue(wanted: Order, account: str | None) -> None:
    payload = {**wanted.payload, "name": wanted.name}
    try:
        queues.enqueue(TABLE_FILE, payload, subject=wanted.name, account=account)
    except queues.AlreadyQueued:
        return


def queue_published(table: str) -> None:
    """Have CSV and workbook of a table made that was published just now; no commit."""
    published = history.current(table)
    if published is None or published.version.rows > settings.most_rows():
        return
    held = finding.held(table, published.version.hash)
    for form in (CSV, XLSX):
        _queue(order.of(held, form), None)
