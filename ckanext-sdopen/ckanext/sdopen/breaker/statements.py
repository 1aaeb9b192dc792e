"""Statements under way in PostgreSQL, of connections that another thread can cut.

libpq waits for an answer without an end, and asynchronous waiting (psycopg2's wait callback)
knows no COPY. A connection here has a second handle of its socket: shut down, it ends the wait.
"""

import os
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import psycopg2
from psycopg2 import extensions

from ckanext.sdopen.breaker.circuit import Circuit


@dataclass(eq=False)
class Server:
    """A PostgreSQL server by its address, its circuit, and {connection: (since, its socket)}."""

    host: str
    port: int
    circuit: Circuit = field(default_factory=Circuit)
    running: dict[int, tuple[float, socket.socket]] = field(default_factory=dict)

    def refuse(self) -> None:
        """Refuse while it is known to be away.

        Raises:
            OperationalError: it is.
        """
        if self.circuit.is_open:
            raise psycopg2.OperationalError("PostgreSQL does not answer")

    def overdue(self, seconds: float) -> list[socket.socket]:
        """The sockets of statements that have been under way for so long."""
        bound = time.monotonic() - seconds
        return [line for since, line in list(self.running.values()) if since < bound]

    def cut(self, seconds: float) -> None:
        """End the wait of statements that have been under way for so long."""
        for line in self.overdue(seconds):
            try:
                line.shutdown(socket.SHUT_RDWR)
            except OSError:
                continue  # it is closed already


_SERVERS: dict[tuple[str, int], Server] = {}


def server(host: Any, port: Any) -> Server:
    """The server of an address; libpq's default where none is given."""
    key = (str(host or "127.0.0.1").split(",")[0], int(str(port or 5432).split(",")[0]))
    return _SERVERS.setdefault(key, Server(*key))


def servers() -> list[Server]:
    """All servers that were asked for."""
    return list(_SERVERS.values())


class Connection(extensions.connection):
    """A connection whose waits can be cut; `server` is set by who opens it."""

    server: Server

    def begin_watch(self, server: Server) -> None:
        """Let its statements be watched from now on."""
        self.server = server
        # of its own: a number of a closed one could be another connection's
        self._line = socket.socket(fileno=os.dup(self.fileno()))
        self.cursor_factory = Cursor

    @contextmanager
    def watched(self) -> Iterator[None]:
        """While a statement is under way.

        Raises:
            OperationalError: the server is known to be away.
        """
        self.server.refuse()
        self.server.running[id(self)] = (time.monotonic(), self._line)
        try:
            yield
        finally:
            self.server.running.pop(id(self), None)

    def commit(self) -> None:
        """Commit."""
        with self.watched():
            super().commit()

    def rollback(self) -> None:
        """Roll back."""
        with self.watched():
            super().rollback()


class Cursor(extensions.cursor):
    """A cursor of such a connection."""

    connection: Connection

    def execute(self, query: Any, vars: Any = None) -> None:
        """Send a statement and wait for its answer."""
        with self.connection.watched():
            super().execute(query, vars)

    def executemany(self, query: Any, vars_list: Any) -> None:
        """The same many times."""
        for one in vars_list:
            self.execute(query, one)

    def copy_expert(self, sql: Any, file: Any, size: int = 8192) -> None:
        """COPY."""
        with self.connection.watched():
            super().copy_expert(sql, file, size)
