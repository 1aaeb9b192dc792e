"""An application behind the front door: it answers as a test says and remembers the requests."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

PAGE = {"Content-Type": "text/html; charset=utf-8", "Cache-Control": "public, max-age=0"}


@dataclass
class Application:
    """The requests that came through, and how each is answered.

    Args:
        url: where it listens.
        asked: (method, path, headers) of each request, in their order.
        headers: those of every answer.
        body: that of every answer.
        status: that of every answer.
        free: while it is not set, no request is answered.
    """

    url: str
    asked: list[tuple[str, str, dict[str, str]]] = field(default_factory=list)
    headers: dict[str, str] = field(default_factory=lambda: dict(PAGE))
    body: bytes = b"<p>a page</p>" * 200
    status: int = 200
    free: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        """Answer at first."""
        self.free.set()

    def paths(self) -> list[str]:
        """The paths that were asked, in their order."""
        return [path for _, path, _ in self.asked]


@contextmanager
def application() -> Iterator[Application]:
    """Serve on loopback by a single thread: one caller that holds it holds everybody."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            self.rfile.read(length)
            found.asked.append((self.command, self.path, dict(self.headers)))
            found.free.wait(600)
            self.send_response(found.status)
            for name, value in found.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(found.body)))
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(found.body)

        do_POST = do_HEAD = do_GET

        def log_message(self, format: str, *args: Any) -> None:
            return

    class Server(HTTPServer):
        def handle_error(self, *_: Any) -> None:
            """A caller who left is what some tests are about."""

    server = Server(("127.0.0.1", 0), Handler)
    found = Application(f"http://127.0.0.1:{server.server_port}")
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield found
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
