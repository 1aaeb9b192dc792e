"""Transactions that write and have not ended: their rows nobody else sees yet."""

import time

from ckan import model
from sqlalchemy import text

_NEWEST = text("SELECT CAST(CAST(pg_current_xact_id() AS text) AS bigint)")
_OLDEST = text("SELECT CAST(CAST(pg_snapshot_xmin(pg_current_snapshot()) AS text) AS bigint)")
_PAUSE = 0.2


def have_ended(seconds: float) -> bool:
    """Wait until all that write now have ended, at most so long; whether they have."""
    deadline = time.monotonic() + seconds
    newest = model.Session.execute(_NEWEST).scalar_one()
    model.Session.rollback()
    while True:
        oldest = model.Session.execute(_OLDEST).scalar_one()
        model.Session.rollback()
        if oldest > newest:
            return True
        if time.monotonic() >= deadline:
            return False
        time.sleep(_PAUSE)
