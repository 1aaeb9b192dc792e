"""Requests byte by byte, as no library would send them."""

import socket
from dataclasses import dataclass
from urllib.parse import urlsplit

SECONDS = 300.0


@dataclass(frozen=True)
class Answer:
    """An answer: its status, its headers as (name in lower case, value), its body."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes

    def all(self, name: str) -> list[str]:
        """The values of a header, as often as it was sent."""
        return [value for known, value in self.headers if known == name.lower()]

    def one(self, name: str) -> str:
        """The value of a header that was sent exactly once."""
        (value,) = self.all(name)
        return value

    @property
    def text(self) -> str:
        """The body as text."""
        return self.body.decode("utf-8")


def connect(url: str) -> socket.socket:
    """A connection to the server of an address."""
    parts = urlsplit(url)
    return socket.create_connection((parts.hostname, parts.port), SECONDS)


def send(url: str, request: bytes) -> Answer:
    """Send these bytes and read the answer until the server ends the connection."""
    with connect(url) as link:
        link.sendall(request)
        return read(link)


def read(link: socket.socket) -> Answer:
    """Read an answer whose server ends the connection after it."""
    said = b""
    while part := link.recv(65536):
        said += part
        head, separator, body = said.partition(b"\r\n\r\n")
        if separator and (length := _length(head)) is not None and len(body) >= length:
            break
    head, _, body = said.partition(b"\r\n\r\n")
    first, *lines = head.decode("latin-1").split("\r\n")
    pairs = (line.split(": ", 1) for line in lines)
    headers = tuple((name.lower(), value) for name, value in pairs)
    return Answer(int(first.split()[1]), headers, body)


def _length(head: bytes) -> int | None:
    for line in head.split(b"\r\n"):
        name, _, value = line.partition(b":")
        if name.lower() == b"content-length":
            return int(value)
    return None


def get(url: str, path: str | bytes, *headers: str, method: str = "GET") -> Answer:
    """Ask for a path, given as text or as raw bytes, with these header lines."""
    target = path if isinstance(path, bytes) else path.encode("ascii")
    lines = [f"Host: {urlsplit(url).netloc}", "Connection: close", *headers]
    head = b" ".join([method.encode(), target, b"HTTP/1.1"])
    request = b"\r\n".join([head, *(line.encode("latin-1") for line in lines)]) + b"\r\n\r\n"
    return send(url, request)
