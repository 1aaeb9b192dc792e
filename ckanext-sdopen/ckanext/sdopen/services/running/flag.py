"""A flag between a process and those forked from it."""

import os
import select


class Flag:
    """Is set once, for ever, and seen by every process that was forked after it was made.

    A byte in a pipe that nobody reads: unlike an event of `multiprocessing`, setting it never waits
    for a process that was killed while it waited.
    """

    def __init__(self) -> None:
        self._read, self._write = os.pipe()

    def set(self) -> None:
        """Set it."""
        if not self.is_set():
            os.write(self._write, b"!")

    def is_set(self) -> bool:
        """Whether it is set."""
        return self.wait(0)

    def wait(self, seconds: float) -> bool:
        """Wait until it is set, at most so long; whether it is."""
        return bool(select.select([self._read], [], [], seconds)[0])
