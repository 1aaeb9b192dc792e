"""A circuit breaker: a part that failed several times in a row is not asked for a while."""

import threading
import time
from collections.abc import Callable


class Circuit:
    """Closed while a part answers, open while it does not; shared by the threads of a process.

    Open, it lets one caller try after each pause; his success closes it. Where it is `watched`,
    somebody else looks whether the part is back, and no caller has to wait for that.
    """

    def __init__(
        self, failures: int = 3, pause: float = 2.0, clock: Callable[[], float] = time.monotonic
    ) -> None:
        """Args: failures in a row that open it; seconds between two trials; a clock in seconds."""
        self.failures, self.pause = failures, pause
        self.watched = False
        self._clock = clock
        self._lock = threading.Lock()
        self._failed = 0
        self._tried: float | None = None

    @property
    def is_open(self) -> bool:
        """Whether the part is taken to be away."""
        return self._tried is not None

    @property
    def has_failed(self) -> bool:
        """Whether the last attempt failed."""
        return self._failed > 0

    def allows(self) -> bool:
        """Whether the caller may ask the part; of an open circuit one caller after each pause."""
        if self._tried is None:
            return True
        if self.watched:
            return False
        with self._lock:
            if self._tried is not None and self._clock() - self._tried < self.pause:
                return False
            if self._tried is not None:
                self._tried = self._clock()
            return True

    def succeeded(self) -> None:
        """The part answered."""
        if self._failed or self._tried is not None:
            with self._lock:
                self._failed, self._tried = 0, None

    def failed(self) -> None:
        """The part did not answer."""
        with self._lock:
            self._failed += 1
            if self._failed >= self.failures:
                self._tried = self._clock()

    def trip(self) -> None:
        """Open it at once: the part is known to be away."""
        with self._lock:
            self._failed, self._tried = self.failures, self._clock()
