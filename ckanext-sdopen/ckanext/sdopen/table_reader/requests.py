"""A request to the reader: its secret, its body within bounds, what it asks of which version."""

import asyncio
import hmac
from dataclasses import dataclass
from typing import Any

import orjson
from starlette.requests import Request

from ckanext.sdopen.table_reader.settings import Settings
from ckanext.sdopen.tables.query import shapes
from ckanext.sdopen.tables.query.query import Bounds, Query
from ckanext.sdopen.tables.query.refusals import BadQuery, NotAllowed
from ckanext.sdopen.tables.query.source import Source

# who asks sends the whole question at once
SECONDS_TO_SEND = 5
_KEYS = ("version", "columns", "hidden", "row_filter", "query", "form", "safe")


@dataclass(frozen=True)
class Asked:
    """A question to a version; `form` and `safe` count for files only."""

    version: str
    source: Source
    query: Query
    form: str
    safe: bool


async def asked(request: Request, settings: Settings) -> Asked:
    """What a request asks.

    Raises:
        QueryError: it may not ask, or asks what cannot be asked.
    """
    allow(request, settings.secret)
    try:
        async with asyncio.timeout(SECONDS_TO_SEND):
            body = await _body(request, settings.question_bytes)
    except TimeoutError:
        raise BadQuery("not_json") from None
    return read(body, bounds(settings))


def allow(request: Request, secret: str) -> None:
    """Let only those ask who know the secret: accounts of this machine could read closed tables.

    Raises:
        NotAllowed: it was not said.
    """
    said = request.headers.get("authorization", "")
    if not hmac.compare_digest(said.encode(), f"Bearer {secret}".encode()):
        raise NotAllowed("not_allowed")


def bounds(settings: Settings) -> Bounds:
    """What one answer may hold and cost."""
    return Bounds(settings.rows, settings.groups, settings.deep, settings.sorted)


async def _body(request: Request, most: int) -> bytes:
    body = bytearray()
    async for part in request.stream():
        body += part
        if len(body) > most:
            raise BadQuery("question_too_large", most=most)
    return bytes(body)


def read(body: bytes, within: Bounds) -> Asked:
    """The question in a body.

    Raises:
        QueryError: it cannot be asked.
    """
    try:
        given: Any = orjson.loads(body)
    except orjson.JSONDecodeError:
        raise BadQuery("not_json") from None
    found = shapes.with_keys(given, "request", _KEYS)
    hidden, row_filter = found.get("hidden", []), found.get("row_filter", [])
    source = Source.of(found.get("columns"), hidden, row_filter)
    query = Query.of(found.get("query"), source.columns, within)
    form = shapes.word(found.get("form", "csv"), "form", ("csv", "jsonl"))
    safe = shapes.truth(found.get("safe", True), "safe")
    return Asked(shapes.text(found.get("version"), "version"), source, query, form, safe)
