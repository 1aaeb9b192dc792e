"""The sign of life of work under way, and the end of work that does not end."""

import logging
import os
import threading
import time
from collections.abc import Callable
from types import TracebackType
from typing import Self

from sqlalchemy.exc import SQLAlchemyError

_TICK = 0.5
# work that cannot be interrupted ends with its process; whoever started it starts another
_EXIT_STATUS = 75
log = logging.getLogger(__name__)


def _leave() -> None:
    os._exit(_EXIT_STATUS)


class Heartbeat:
    """Renews a lease from a thread of its own, for as long as the work lasts.

    A work that goes on beyond its time, or too long after its process was told to stop or after it
    lost its lease, ends with the process.
    """

    def __init__(
        self,
        renew: Callable[[], bool],
        give_back: Callable[[bool], None],
        *,
        lease: float,
        seconds: float,
        patience: float,
        stop: threading.Event,
    ) -> None:
        """Prepare it.

        Args:
            renew: renews the lease; False where it is not ours any more.
            give_back: ends the lease of work that does not end; True where its time is over, False
                where only this process is to stop.
            lease: seconds of a lease.
            seconds: how long the work may take.
            patience: how long it may go on when it should end.
            stop: set when the process is to stop.
        """
        self._renew, self._give_back = renew, give_back
        self._lease, self._seconds, self._patience = lease, seconds, patience
        self._stop, self._ended = stop, threading.Event()
        self._thread = threading.Thread(target=self._beat, name="heartbeat", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._ended.set()
        self._thread.join()

    def _beat(self) -> None:
        began = renewed = time.monotonic()
        told: float | None = None
        is_ours = True
        while not self._ended.wait(_TICK):
            now = time.monotonic()
            if is_ours and now - renewed >= self._lease / 3:
                renewed, is_ours = now, self._is_renewed()
            if told is None and (self._stop.is_set() or not is_ours):
                told = now
            if now - began > self._seconds:
                self._end(True)
            elif told is not None and now - told > self._patience:
                self._end(False)

    def _is_renewed(self) -> bool:
        try:
            return self._renew()
        except SQLAlchemyError as error:
            # the lease ends by itself where this lasts
            log.warning("a lease could not be renewed: %s", type(error).__name__)
            return True

    def _end(self, is_over: bool) -> None:
        try:
            self._give_back(is_over)
        except SQLAlchemyError as error:
            log.warning("a lease could not be given back: %s", type(error).__name__)
        why = "its time is over" if is_over else "it is to stop, or has lost its lease"
        log.error("work does not end, though %s; its process ends", why)
        _leave()
