"""Servers on the loopback network that answer byte by byte as a test says."""

import contextlib
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

# of 127.0.0.0/8 this one address is listed in the tests; 127.0.0.1 is somebody's inside
OPEN = "127.0.0.2"
INSIDE = "127.0.0.1"

Answering = Callable[[socket.socket, bytes], None]


@dataclass
class Server:
    """A server: where it listens, and the requests that it got."""

    host: str
    port: int
    requests: list[bytes] = field(default_factory=list)

    def address(self, path: str = "/table.csv", scheme: str = "http") -> str:
        return f"{scheme}://{self.host}:{self.port}{path}"


def answer(body: bytes, *headers: str, status: str = "200 OK", length: int | None = None) -> bytes:
    """The bytes of an answer; `length` is what it says of its body, -1 nothing."""
    said = len(body) if length is None else length
    lines = [f"HTTP/1.1 {status}", "Connection: close", *headers]
    if said >= 0:
        lines.append(f"Content-Length: {said}")
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def _request(connection: socket.socket) -> bytes:
    data = b""
    while b"\r\n\r\n" not in data:
        more = connection.recv(65536)
        if not more:
            return data
        data += more
    return data


@contextlib.contextmanager
def serving(
    answering: Answering | bytes, host: str = OPEN, tls: ssl.SSLContext | None = None
) -> Iterator[Server]:
    """A server that answers every connection so, until the test is over."""
    listening = socket.create_server((host, 0))
    server = Server(host, listening.getsockname()[1])

    def serve_one(connection: socket.socket) -> None:
        with contextlib.suppress(OSError), connection:
            if tls:
                connection = tls.wrap_socket(connection, server_side=True)
            request = _request(connection)
            server.requests.append(request)
            if callable(answering):
                answering(connection, request)
            else:
                connection.sendall(answering)

    def accept() -> None:
        with contextlib.suppress(OSError):
            while True:
                connection = listening.accept()[0]
                threading.Thread(target=serve_one, args=(connection,), daemon=True).start()

    threading.Thread(target=accept, daemon=True).start()
    try:
        yield server
    finally:
        # an accept() that waits does not see a close()
        with contextlib.suppress(OSError):
            listening.shutdown(socket.SHUT_RDWR)
        listening.close()
