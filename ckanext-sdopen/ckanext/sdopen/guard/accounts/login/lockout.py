"""Tries that are counted: too many lock an account or an address for some time.

The table is the truth for all workers; it has the database's clock. A try is counted before it is
made and forgiven when it succeeds, so that tries made at once are counted, too. An address counts
each account once: whoever forgot a password does not lock out colleagues at the same address.
"""

import hashlib
from collections.abc import Sequence
from datetime import timedelta

from ckan import model
from sqlalchemy import text
from sqlalchemy.engine import Connection

from ckanext.sdopen.guard.accounts import settings
from ckanext.sdopen.guard.accounts.rules.addresses import neighbourhood

_LOCKED = "SELECT 1 FROM sdopen_attempt WHERE key = ANY(:keys) AND until > now_ LIMIT 1"
_COUNT = """
INSERT INTO sdopen_attempt AS a (key, count, last, until)
VALUES (:key, 1, now_, CASE WHEN :most <= 1 THEN now_ + :time END)
ON CONFLICT (key) DO UPDATE SET
    count = CASE WHEN a.last < now_ - :time OR a.until <= now_ THEN 1 ELSE a.count + 1 END,
    last = now_,
    until = CASE
        WHEN a.until > now_ THEN a.until
        WHEN a.last >= now_ - :time AND a.until IS NULL AND a.count + 1 >= :most THEN now_ + :time
        WHEN :most <= 1 THEN now_ + :time END
RETURNING count
"""
_GIVE_BACK = """
UPDATE sdopen_attempt SET count = greatest(count - 1, 0),
    until = CASE WHEN count - 1 >= :most THEN until END
WHERE key = :key
"""
# each new row makes room: rows of long ago go, a few at a time
_SWEEP = """
DELETE FROM sdopen_attempt WHERE key IN (
    SELECT key FROM sdopen_attempt WHERE last < now_ - :time AND (until IS NULL OR until < now_)
    ORDER BY last LIMIT 50 FOR UPDATE SKIP LOCKED)
"""


def _run(connection: Connection, statement: str, **values: object) -> list[int]:
    clocked = statement.replace("now_", "timezone('utc', clock_timestamp())")
    result = connection.execute(text(clocked), values)
    return list(result.scalars()) if result.returns_rows else []


def account_key(user_id: str | None, typed: str) -> str:
    """What is counted of an account; names that nobody bears are counted in the same way."""
    if user_id:
        return f"account:{user_id}"
    return "name:" + hashlib.sha256(typed.casefold().strip().encode()).hexdigest()


def address_key(address: str) -> str:
    """What is counted of an address."""
    return f"address:{neighbourhood(address)}"


def take(account: str, address: str) -> bool:
    """Count a try to log in; False where account or address are locked, which counts nothing."""
    most, time = settings.lockout()
    with model.meta.engine.begin() as connection:
        if _run(connection, _LOCKED, keys=[account, address]):
            return False
        (count,) = _run(connection, _COUNT, key=account, most=most, time=time)
        if count == 1:
            _run(connection, _COUNT, key=address, most=most, time=time)
            _run(connection, _SWEEP, time=_longest())
    # of tries made at once
    return count <= most


def is_locked(key: str) -> bool:
    """Whether this is locked now."""
    with model.meta.engine.begin() as connection:
        return bool(_run(connection, _LOCKED, keys=[key]))


def forgive(account: str, address: str) -> None:
    """A try succeeded: forget the account's failures, give back what the address has of them."""
    most, _ = settings.lockout()
    with model.meta.engine.begin() as connection:
        _run(connection, "DELETE FROM sdopen_attempt WHERE key = :key", key=account)
        _run(connection, _GIVE_BACK, key=address, most=most)


def unlock(keys: Sequence[str]) -> None:
    """Forget all failures of these."""
    with model.meta.engine.begin() as connection:
        statement = "DELETE FROM sdopen_attempt WHERE key = ANY(:keys)"
        _run(connection, statement, keys=list(keys))


def allow(key: str, most: int, time: timedelta) -> bool:
    """Count something that may be done so often in a time; False where it was done too often."""
    with model.meta.engine.begin() as connection:
        if _run(connection, _LOCKED, keys=[key]):
            return False
        (count,) = _run(connection, _COUNT, key=key, most=most, time=time)
        if count == 1:
            _run(connection, _SWEEP, time=_longest())
    return count <= most


def _longest() -> timedelta:
    return max(settings.lockout()[1], settings.letters()[1])
