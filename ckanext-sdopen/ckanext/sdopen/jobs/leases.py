"""Taking jobs and keeping them: a lease that its holder renews and that ends with its holder.

Each function is a transaction of its own. Who holds a lease names it by a token of this very take:
whoever lost it changes nothing.
"""

import os
import secrets
import socket
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from ckan import model
from sqlalchemy import Row, bindparam, text
from sqlalchemy.dialects.postgresql import JSONB

from ckanext.sdopen.jobs.states import State

# another process takes what nobody holds any more; of two that ask, each gets another job
_TAKE = text(
    """
    UPDATE sdopen_job SET state = 'running', holder = :holder, tries = tries + 1,
        due = now() + make_interval(secs => :seconds), started = COALESCE(started, now())
    WHERE id = (
        SELECT id FROM sdopen_job
        WHERE queue = :queue AND state IN ('waiting', 'running') AND due <= now()
            AND kind = ANY(:kinds)
        ORDER BY due LIMIT 1 FOR UPDATE SKIP LOCKED)
    RETURNING id, kind, payload, account, language, tries, kept
    """
)
_RENEW = text(
    """
    UPDATE sdopen_job SET due = now() + make_interval(secs => :seconds)
    WHERE id = :id AND holder = :holder
    """
)
_PROGRESS = text(
    """
    UPDATE sdopen_job SET done = :done, total = :total, kept = :kept
    WHERE id = :id AND holder = :holder
    """
).bindparams(bindparam("kept", type_=JSONB))
_END = text(
    """
    UPDATE sdopen_job SET state = :state, holder = NULL, ended = now(), result = :result,
        error = :error
    WHERE id = :id AND holder = :holder
    """
).bindparams(bindparam("result", type_=JSONB(none_as_null=True)))
_PUT_BACK = text(
    """
    UPDATE sdopen_job SET state = 'waiting', holder = NULL, tries = tries - :uncounted,
        due = now() + make_interval(secs => :seconds)
    WHERE id = :id AND holder = :holder
    """
)
_CANCEL = text(
    """
    UPDATE sdopen_job SET state = :state, holder = NULL, ended = now()
    WHERE id = :id AND state IN ('waiting', 'running')
    """
)


@dataclass(frozen=True)
class Lease:
    """The right of one take to a job."""

    id: str
    holder: str


@dataclass(frozen=True)
class Taken:
    """A job that was taken: its lease, and its row."""

    lease: Lease
    row: Row[Any]


def new_holder() -> str:
    """A token of one take, which tells an operator machine and process."""
    return f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(8)}"


def _changed(statement: Any, **values: Any) -> bool:
    with model.meta.engine.begin() as connection:
        return bool(connection.execute(statement, values).rowcount)


def take(queue: str, kinds: Collection[str], seconds: float) -> Taken | None:
    """The job of a queue that is due longest, held for so many seconds; None where none is."""
    holder = new_holder()
    asked = {"queue": queue, "kinds": list(kinds), "holder": holder, "seconds": seconds}
    with model.meta.engine.begin() as connection:
        row = connection.execute(_TAKE, asked).first()
    return Taken(Lease(row.id, holder), row) if row else None


def renew(lease: Lease, seconds: float) -> bool:
    """Hold a job for so many seconds from now; False where it is not the holder's any more."""
    return _changed(_RENEW, id=lease.id, holder=lease.holder, seconds=seconds)


def progress(lease: Lease, done: int, total: int, kept: dict[str, Any]) -> bool:
    """Say how far it is; False where it is not the holder's any more."""
    return _changed(_PROGRESS, id=lease.id, holder=lease.holder, done=done, total=total, kept=kept)


def end(
    lease: Lease, state: State, result: dict[str, Any] | None = None, error: str | None = None
) -> bool:
    """End a job; False where it is not the holder's any more."""
    return _changed(
        _END, id=lease.id, holder=lease.holder, state=state.value, result=result, error=error
    )


def put_back(lease: Lease, seconds: float, counts: bool) -> bool:
    """Have a job wait so many seconds for its next try; whether this one `counts` as one."""
    uncounted = 0 if counts else 1
    return _changed(
        _PUT_BACK, id=lease.id, holder=lease.holder, seconds=seconds, uncounted=uncounted
    )


def cancel(job_id: str) -> bool:
    """End a job that waits, or take a running one from its holder; whether there was one.

    The holder notices at its next progress, or when it renews its lease.
    """
    return _changed(_CANCEL, id=job_id, state=State.CANCELLED.value)
