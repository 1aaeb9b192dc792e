"""Permits for work: more threads than the processors can serve, and a bounded wait for a turn."""

import socket
import threading
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from ckanext.sdopen import plain_answers

Wsgi = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


@dataclass
class Permits:
    """So many requests of a process work at a time, so many wait, and each only so long.

    Args:
        count: requests that work at a time.
        queue: requests that may wait for their turn.
        seconds: how long one waits.
    """

    count: int
    queue: int
    seconds: float
    _turn: threading.Condition = field(default_factory=threading.Condition, init=False)
    _working: int = field(default=0, init=False)
    _waiting: int = field(default=0, init=False)

    def take(self) -> bool:
        """Wait for a permit; False where none is to be had. Who takes one gives it back."""
        with self._turn:
            # who came earlier has the first turn
            if self._working < self.count and not self._waiting:
                self._working += 1
                return True
            if self._waiting >= self.queue:
                return False
            self._waiting += 1
            try:
                found = self._turn.wait_for(lambda: self._working < self.count, self.seconds)
            finally:
                self._waiting -= 1
            self._working += found
            return found

    def give(self) -> None:
        """Give a permit back."""
        with self._turn:
            self._working -= 1
            self._turn.notify()


class Permitted:
    """A WSGI application that works with a permit only, but for what costs next to nothing."""

    def __init__(self, app: Wsgi, permits: Permits, free: tuple[str, ...]) -> None:
        self._app = app
        self._permits = permits
        self._free = free

    def __call__(
        self, environ: dict[str, Any], start_response: Callable[..., Any]
    ) -> Iterable[bytes]:
        """Answer a request, or ask to come again later."""
        if str(environ.get("PATH_INFO", "")).startswith(self._free):
            return self._app(environ, start_response)
        if not self._permits.take():
            return busy(environ, start_response)
        told: list[tuple[str, str]] = []

        def start(status: str, headers: list[tuple[str, str]], *more: Any) -> Any:
            told.extend(headers)
            return start_response(status, headers, *more)

        try:
            work = busy if has_left(environ) else self._app
            body = work(environ, start)
        except BaseException:
            self._permits.give()
            raise
        if any(name.lower() == "content-length" for name, _ in told):
            # it is made whole; sending it is no work
            self._permits.give()
            return body
        return Streamed(body, self._permits.give)


class Streamed:
    """A body that is made while it is sent: its permit is back when it ends or nobody wants it."""

    def __init__(self, body: Iterable[bytes], give: Callable[[], None]) -> None:
        self._body = body
        self._parts = iter(body)
        self._give: Callable[[], None] | None = give

    def __iter__(self) -> Iterator[bytes]:
        return self

    def __next__(self) -> bytes:
        try:
            return next(self._parts)
        except BaseException:
            self._end()
            raise

    def close(self) -> None:
        """End it before its end, or after."""
        try:
            if close := getattr(self._body, "close", None):
                close()
        finally:
            self._end()

    def __del__(self) -> None:
        self._end()

    def _end(self) -> None:
        give, self._give = self._give, None
        if give:
            give()


def busy(environ: dict[str, Any], start_response: Callable[..., Any]) -> list[bytes]:
    """503: the portal is busy, with the time after which to try again."""
    program = plain_answers.is_for_program(str(environ.get("PATH_INFO", "")))
    body = plain_answers.body(503, program)
    headers = [*plain_answers.headers(503, program), ("Content-Length", str(len(body)))]
    start_response("503 Service Unavailable", headers)
    return [body]


def has_left(environ: dict[str, Any]) -> bool:
    """Whether the caller has gone while his request waited, as far as gunicorn lets us see."""
    link = environ.get("gunicorn.socket")
    if link is None:
        return False
    try:
        return not link.recv(1, socket.MSG_PEEK | socket.MSG_DONTWAIT)
    except BlockingIOError:
        return False
    except (OSError, ValueError):
        return True
