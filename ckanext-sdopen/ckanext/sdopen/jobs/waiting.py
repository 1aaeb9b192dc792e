"""Waiting for the end of a job, for a caller who wants the answer at once."""

import threading
import time
from typing import Any

from sqlalchemy import Row

from ckanext.sdopen.jobs import queues, settings

_FIRST_PAUSE, _LONGEST_PAUSE = 0.1, 0.5
_lock = threading.Lock()
_waiting = 0


def _enter() -> bool:
    global _waiting
    with _lock:
        if _waiting >= settings.waiting_calls():
            return False
        _waiting += 1
        return True


def _leave() -> None:
    global _waiting
    with _lock:
        _waiting -= 1


def until_ended(job_id: str, seconds: float) -> Row[Any] | None:
    """The row of a job once it has ended, or as it is after so many seconds.

    The caller's transaction must have ended: no connection is held meanwhile. Where as many calls
    of this process wait as may (`ckanext.sdopen.jobs.waiting_calls`), nobody waits.
    """
    if seconds <= 0 or not _enter():
        return queues.find(job_id)
    try:
        return _asked_again(job_id, time.monotonic() + seconds)
    finally:
        _leave()


def _asked_again(job_id: str, deadline: float) -> Row[Any] | None:
    pause = _FIRST_PAUSE
    while True:
        row = queues.find(job_id)
        left = deadline - time.monotonic()
        if row is None or row.ended or left <= 0:
            return row
        time.sleep(min(pause, left))
        pause = min(pause * 1.5, _LONGEST_PAUSE)
