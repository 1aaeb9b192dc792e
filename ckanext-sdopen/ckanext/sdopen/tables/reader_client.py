"""The portal's questions to the table reader: rows as JSON, files as a stream."""

import logging
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache, partial
from typing import Any

import orjson
import urllib3

from ckanext.sdopen.breaker import settings
from ckanext.sdopen.breaker.table_reader import TableReaderAway, asking
from ckanext.sdopen.tables.query.known import Column
from ckanext.sdopen.tables.query.refusals import Busy, from_dict

log = logging.getLogger(__name__)
# seconds to open a connection on one machine or in one rack
_CONNECT = 1.0
_BLOCK = 1 << 18


@dataclass(frozen=True)
class Readable:
    """What of a version may be read.

    Args:
        version: its hash.
        columns: those that may be asked for and shown.
        hidden: those that only the row filter may name.
        row_filter: conditions of rows, in the words of a question's `filters`.
    """

    version: str
    columns: Sequence[Column]
    hidden: Sequence[Column] = ()
    row_filter: Sequence[Mapping[str, Any]] = ()

    def as_dict(self) -> dict[str, Any]:
        """As the reader takes it."""
        return {
            "version": self.version,
            "columns": [column._asdict() for column in self.columns],
            "hidden": [column._asdict() for column in self.hidden],
            "row_filter": list(self.row_filter),
        }


def query(readable: Readable, question: Mapping[str, Any]) -> dict[str, Any]:
    """The answer to a question: `{"columns", "rows": [[…]], "more", "after"}`.

    Raises:
        QueryError: the reader refuses it; `sentence(language)` says why.
        TableReaderAway: the reader does not answer.
    """
    body = {**readable.as_dict(), "query": question}
    with _asked("/query", body, settings.reader_seconds()) as answer, _answers():
        found: dict[str, Any] = orjson.loads(answer.read())
    return found


@contextmanager
def export(
    readable: Readable, question: Mapping[str, Any], form: str = "csv", *, safe: bool = True
) -> Iterator[Iterator[bytes]]:
    """All rows of a question as a file, block by block; left early, the reader stops.

    Args:
        readable: what may be read.
        question: of rows; its page does not count.
        form: `csv` with a header, or `jsonl`.
        safe: put `'` before texts that a spreadsheet would compute; in CSV and JSON alike.

    Raises:
        QueryError: the reader refuses it.
        TableReaderAway: the reader does not answer, or ends before the file does.
    """
    body = {**readable.as_dict(), "query": question, "form": form, "safe": safe}
    with _asked("/export", body, settings.reader_file_seconds()) as answer:
        yield _blocks(answer)


def _blocks(answer: urllib3.BaseHTTPResponse) -> Iterator[bytes]:
    with _answers():
        yield from answer.stream(_BLOCK)


@contextmanager
def _asked(
    path: str, body: Mapping[str, Any], seconds: float
) -> Iterator[urllib3.BaseHTTPResponse]:
    """The answer of the reader; its refusals are raised."""
    answer = _sent(path, body, seconds)
    try:
        if answer.status != 200:
            with _answers():
                raise _refusal(answer)
        yield answer
    finally:
        # what was left unread is no beginning of another answer, and the reader may stop
        if answer.closed:
            answer.release_conn()
        else:
            answer.close()


def _sent(path: str, body: Mapping[str, Any], seconds: float) -> urllib3.BaseHTTPResponse:
    address = settings.reader_url()
    if not address:
        raise TableReaderAway(
            "the portal has no table reader; set ckanext.sdopen.tables.reader_url"
        )
    headers = {"Authorization": f"Bearer {settings.reader_secret()}"}
    timeout = urllib3.Timeout(connect=_CONNECT, read=seconds)
    request = partial(
        _pool().request,
        "POST",
        address + path,
        body=orjson.dumps(body),
        headers=headers,
        timeout=timeout,
        retries=False,
        preload_content=False,
    )
    with asking(), _answers():
        try:
            return request()
        except urllib3.exceptions.ProtocolError:
            # the process of this connection ended; another one answers at the same address
            return request()


@contextmanager
def _answers() -> Iterator[None]:
    """Where the reader is expected to go on answering."""
    try:
        yield
    except (urllib3.exceptions.HTTPError, OSError) as error:
        raise TableReaderAway(f"it does not answer: {type(error).__name__}") from error


def _refusal(answer: urllib3.BaseHTTPResponse) -> Exception:
    try:
        return from_dict(orjson.loads(answer.read())["error"])
    except (orjson.JSONDecodeError, LookupError, TypeError):
        log.error("the table reader answers %s, which nobody expects", answer.status)
        return Busy("busy") if answer.status == 503 else TableReaderAway("it fails")


@cache
def _pool() -> urllib3.PoolManager:
    return urllib3.PoolManager(maxsize=8)
