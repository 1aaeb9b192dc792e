"""The web server's worker: addresses in raw UTF-8, readable refusals, an end to its memory.

Nothing here knows CKAN: `config/gunicorn.py` names the class before the application is loaded.
"""

import os
import time
from multiprocessing.sharedctypes import RawValue
from pathlib import Path
from typing import Any
from urllib.parse import quote_from_bytes

from gunicorn import util
from gunicorn.http import errors
from gunicorn.http.message import Request
from gunicorn.http.parser import RequestParser
from gunicorn.workers.gthread import ThreadWorker

from ckanext.sdopen import plain_answers

MEBIBYTE = 1 << 20
# which end at most one worker in this many seconds: about as long as another takes to begin
SECONDS_BETWEEN_ENDS = 30.0
_SECONDS_BETWEEN_LOOKS = 1.0
_PRINTABLE = "".join(map(chr, range(0x21, 0x7F)))
# the application's own fault is gunicorn's to log and to answer
_STATUS = (
    (errors.InvalidResponseHeader, None),
    (errors.InvalidResponseHeaderName, None),
    (errors.ConfigurationProblem, None),
    (errors.ForbiddenProxyRequest, 403),
    (errors.LimitRequestLine, 414),
    (errors.LimitRequestHeaders, 431),
    (errors.ExpectationFailed, 417),
    (errors.UnsupportedTransferCoding, 501),
    (errors.ParseException, 400),
)
# the last moment at which a worker began to end: all workers are forked from this process
_last_end = RawValue("d", -SECONDS_BETWEEN_ENDS)


class ForgivingRequest(Request):
    """A request whose address may hold Chinese as it is typed, not only percent-encoded."""

    def parse(self, unreader: Any) -> bytes:
        """Read line and headers; a refusal knows for which address, if that much was read."""
        try:
            rest: bytes = super().parse(unreader)
        except errors.ParseException as refusal:
            refusal.address = self.uri or ""  # type: ignore[attr-defined]
            raise
        return rest

    def parse_request_line(self, line_bytes: bytes) -> None:
        """Encode what of the address is not ASCII; all else is gunicorn's to judge."""
        super().parse_request_line(encoded(line_bytes))


def encoded(line: bytes) -> bytes:
    """A request line whose bytes beyond ASCII are percent-encoded; controls and spaces stay."""
    if line.isascii():
        return line
    safe = _PRINTABLE + "".join(map(chr, [*range(0x21), 0x7F]))
    return quote_from_bytes(line, safe=safe).encode("ascii")


def resident(statm: Path = Path("/proc/self/statm")) -> int:
    """The memory that this process holds now, in bytes."""
    return int(statm.read_text(encoding="ascii").split()[1]) * os.sysconf("SC_PAGE_SIZE")


class WebWorker(ThreadWorker):
    """A worker of threads."""

    alive: bool

    def __init__(self, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        self._limit = int(os.environ.get("SDOPEN_WEB_MEMORY", "1024")) * MEBIBYTE
        self._looks_at = 0.0

    def init_process(self) -> None:
        """Take requests as this module reads them."""
        RequestParser.mesg_class = ForgivingRequest
        super().init_process()

    def notify(self) -> None:
        """Called once a second and more: where the memory is used up, take no more requests.

        The worker ends those it has, and the master begins another.
        """
        super().notify()
        now = time.monotonic()
        if not self.alive or not self._limit or now < self._looks_at:
            return
        self._looks_at = now + _SECONDS_BETWEEN_LOOKS
        held = resident()
        if held > self._limit and now - _last_end.value >= SECONDS_BETWEEN_ENDS:
            _last_end.value = now
            # no connection more, not even in the round of the loop that goes on
            self.worker_connections = 0
            self.alive = False
            self.log.warning(
                "Worker %s holds %d MB, over its %d; it ends and another begins",
                self.pid,
                held // MEBIBYTE,
                self._limit // MEBIBYTE,
            )

    def handle_error(self, req: Any, client: Any, addr: Any, exc: BaseException) -> None:
        """Refuse what gunicorn cannot read in one sentence of both languages."""
        status = next((number for kind, number in _STATUS if isinstance(exc, kind)), None)
        if status is None:
            super().handle_error(req, client, addr, exc)
            return
        self.log.warning("Refused with %s: %s", status, type(exc).__name__)
        address = req.uri if req else getattr(exc, "address", "")
        answer(client, status, plain_answers.is_for_program(address))


def answer(client: Any, status: int, program: bool) -> None:
    """Write a whole answer and say that the connection ends; a caller who left is no matter."""
    body = plain_answers.body(status, program)
    head = [f"HTTP/1.1 {status} {plain_answers.sentences()[status].title}", "Connection: close"]
    head += [f"{name}: {value}" for name, value in plain_answers.headers(status, program)]
    head.append(f"Content-Length: {len(body)}")
    try:
        util.write_nonblock(client, "\r\n".join(head).encode() + b"\r\n\r\n" + body)
    except OSError:
        return
