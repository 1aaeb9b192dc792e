"""What the sessions of the tests' database do at a moment."""

from ckan import model
from sqlalchemy import text

_WAITING = text(
    "SELECT count(*) FROM pg_stat_activity "
    "WHERE datname = current_database() AND wait_event_type = 'Lock'"
)
_HOLDING = text("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'")


def _count(asked) -> int:
    with model.meta.engine.connect() as own:
        return own.execute(asked).scalar_one()


def waiting() -> int:
    """How many wait for a lock that another one holds."""
    return _count(_WAITING)


def holding() -> int:
    """How many advisory locks are held."""
    return _count(_HOLDING)
