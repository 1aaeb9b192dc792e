"""Connections that only go where they may, and end when their time is over.

A name is looked up once for each connection; what was looked up is checked, and it is what is
connected to. A server that trickles is cut off by a watch, wherever the reading stands.
"""

import contextlib
import os
import queue
import socket
import threading
import time
from collections.abc import Callable, Sequence
from types import TracebackType
from urllib.parse import urlsplit

from ckanext.sdopen.fetching.messages import FetchError
from ckanext.sdopen.fetching.networks import may_be_reached
from ckanext.sdopen.fetching.rules import Rules

# (host, port) -> addresses of the network
Resolver = Callable[[str, int], Sequence[str]]


def system_resolver(host: str, port: int) -> list[str]:
    """The addresses of a host, as the system knows them; OSError where there are none."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(one[4][0]) for one in found))


class Guard:
    """What one request may connect to, until its time is over; a context of that request."""

    def __init__(self, rules: Rules, resolver: Resolver) -> None:
        self.rules, self._resolver = rules, resolver
        self._listed = rules.listed()
        proxy = urlsplit(rules.proxy)
        self._proxy = (proxy.hostname, proxy.port)
        self._ends = time.monotonic() + rules.total
        self._watched: list[socket.socket] = []
        self._watch = threading.Timer(rules.total, self._cut)
        self._watch.daemon = True

    def __enter__(self) -> "Guard":
        self._watch.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        value: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._watch.cancel()
        for one in self._watched:
            one.close()

    def is_over(self) -> bool:
        """Whether the time of the request is over."""
        return time.monotonic() >= self._ends

    def _cut(self) -> None:
        for one in self._watched:
            with contextlib.suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)

    def _left(self, most: float) -> float:
        return max(0.001, min(most, self._ends - time.monotonic()))

    def reachable(self, host: str, port: int) -> list[str]:
        """The addresses of a host that may be connected to.

        Raises:
            FetchError: the host is unknown, or has no such address.
        """
        found = self._looked_up(host, port)
        if not found:
            raise FetchError("unresolved", host=host)
        open_ones = [one for one in found if may_be_reached(one, self._listed)]
        if not open_ones:
            raise FetchError("forbidden", host=host)
        return open_ones

    def _looked_up(self, host: str, port: int) -> Sequence[str]:
        # a name server that hangs is waited for no longer than a server that does
        answer: queue.SimpleQueue[Sequence[str]] = queue.SimpleQueue()

        def ask() -> None:
            try:
                answer.put(self._resolver(host, port))
            except (OSError, UnicodeError):
                answer.put(())

        threading.Thread(target=ask, daemon=True).start()
        try:
            return answer.get(timeout=self._left(self.rules.connect))
        except queue.Empty:
            raise FetchError("unresolved", host=host) from None

    def connect(self, host: str, port: int) -> socket.socket:
        """A connection to a host, to the very address that was checked.

        Raises:
            FetchError: it may not be reached, or does not accept.
        """
        is_proxy = (host, port) == self._proxy
        for address in self._looked_up(host, port) if is_proxy else self.reachable(host, port):
            try:
                made = socket.create_connection((address, port), self._left(self.rules.connect))
            except OSError:
                continue
            # a second handle of the same connection: TLS takes the first away
            self._watched.append(socket.socket(fileno=os.dup(made.fileno())))
            if self.is_over():
                self._cut()
            made.settimeout(self.rules.read)
            return made
        raise FetchError("connect", host=host)
