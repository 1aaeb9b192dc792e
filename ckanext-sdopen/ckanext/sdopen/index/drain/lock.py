"""Who drains the index outbox: one process at a time."""

import contextlib

from ckan import model
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

# any number, the same for all drainers of a database
_LOCK = 7_302_018_011


class Lock:
    """The right to drain: a lock of a database session, which ends with it."""

    def __init__(self) -> None:
        self._connection: Connection | None = None

    def take(self) -> bool:
        """Whether the lock is ours; asked anew each time, for the session may have ended."""
        if self._connection is not None:
            try:
                self._connection.execute(text("SELECT 1"))
                return True
            except DBAPIError:
                self.release()
        connection = model.meta.engine.connect().execution_options(isolation_level="AUTOCOMMIT")
        if connection.execute(text("SELECT pg_try_advisory_lock(:lock)"), {"lock": _LOCK}).scalar():
            self._connection = connection
            return True
        connection.close()
        return False

    def release(self) -> None:
        """Leave the right to others."""
        if self._connection is not None:
            with contextlib.suppress(DBAPIError):
                # the session itself ends: the pool must not keep one that holds the lock
                self._connection.invalidate()
            self._connection.close()
            self._connection = None
