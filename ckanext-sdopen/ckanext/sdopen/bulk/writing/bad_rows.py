"""Records that the database refuses are refused alone; the others of the batch are written."""

import logging
from collections.abc import Callable, Sequence

import ckan.plugins.toolkit as tk
from ckan import model
from sqlalchemy.exc import DataError, IntegrityError, ProgrammingError

from ckanext.sdopen.bulk.record import CREATED, UPDATED, Candidate

_log = logging.getLogger(__name__)
# what the values of a record bring about, in the database or on the way to it; a lost connection
# and a deadlock concern the whole batch
_OF_VALUES = (DataError, IntegrityError, ProgrammingError, TypeError, ValueError)


def write_apart(
    candidates: Sequence[Candidate], write: Callable[[Sequence[Candidate]], None]
) -> None:
    """Write records by `write`; where that fails, the two halves, down to the guilty record.

    The rules refuse all that is known to be wrong: this is for what nobody has thought of.
    """
    waiting = [c for c in candidates if c.result in (CREATED, UPDATED)]
    if not waiting:
        return
    try:
        # a savepoint of the connection: CKAN takes one of the session for a commit
        with model.Session.connection().begin_nested():
            write(waiting)
        return
    except _OF_VALUES as error:
        if len(waiting) == 1:
            _refuse(waiting[0], error)
            return
    middle = len(waiting) // 2
    write_apart(waiting[:middle], write)
    write_apart(waiting[middle:], write)


def _refuse(candidate: Candidate, error: Exception) -> None:
    # not its text, which quotes values
    cause = type(getattr(error, "orig", error)).__name__
    _log.error("Bulk write: %s cannot be stored: %s", candidate.entry_id, cause)
    message = tk._("The database refuses this record; the log of the portal names the reason")
    candidate.reject_for("id", message, "not_storable")
