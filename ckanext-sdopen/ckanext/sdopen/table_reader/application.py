"""The reader's requests: `POST /query` → JSON, `POST /export` → a file, `GET /health`."""

import asyncio
import logging
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial

from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from ckanext.sdopen.table_reader.answering import answer
from ckanext.sdopen.table_reader.attending import Abandoned, Gone, Turns, attended
from ckanext.sdopen.table_reader.engine import Engine
from ckanext.sdopen.table_reader.requests import Asked, asked, bounds
from ckanext.sdopen.table_reader.sending import TYPES, File
from ckanext.sdopen.table_reader.settings import Settings
from ckanext.sdopen.tables.query.query import ROWS, refuse_sorting
from ckanext.sdopen.tables.query.refusals import BadQuery, QueryError, as_dict
from ckanext.sdopen.tables.query.statements import export, statement

log = logging.getLogger(__name__)
_RETRY = "2"


class Reader:
    """One process of the reader."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.engine = Engine(settings)
        self.turns = Turns(settings.running, settings.waiting)
        self.threads = ThreadPoolExecutor(settings.running, "question")
        self.senders = ThreadPoolExecutor(settings.exports, "file")

    async def query(self, request: Request) -> Response:
        """Answer a question."""
        question = await asked(request, self.settings)
        async with self.turns.turn(self.settings.seconds):
            body = await self._answered(question, request)
        return Response(body, media_type="application/json")

    async def _answered(self, question: Asked, request: Request) -> bytes:
        settings = self.settings
        made = statement(question.query, question.source, self.engine.path(question.version))
        with self.engine.cursor() as cursor:
            work = partial(answer, cursor, question.query, made, settings.answer_bytes)
            gone = request.is_disconnected
            return await attended(self.threads, work, cursor, settings.seconds, gone)

    async def export(self, request: Request) -> Response:
        """Send all rows of a question as a file."""
        question = await asked(request, self.settings)
        if question.query.ask != ROWS or question.query.after:
            raise BadQuery("unknown_word", "ask", given=question.query.ask, known=ROWS)
        path = self.engine.path(question.version)
        if question.query.sort:
            rows = await asyncio.to_thread(self.engine.rows, path)
            refuse_sorting(question.query, rows, bounds(self.settings))
        return Sent(self, question, path)

    async def health(self, request: Request) -> Response:
        """Say that this process works; nothing else."""
        return JSONResponse({"status": "ok"})


class Sent(Response):
    """A file on its way to the client; what goes wrong before its first block is an error."""

    def __init__(self, reader: Reader, question: Asked, path: str) -> None:
        super().__init__(media_type=TYPES[question.form])
        del self.headers["content-length"]
        self._reader, self._question, self._path = reader, question, path

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send it."""
        settings, question = self._reader.settings, self._question
        select = export(question.query, question.source, self._path, safe=question.safe)
        with self._reader.engine.pipe() as pipe:
            cursor = self._reader.engine.cursor()
            file = File(cursor, pipe, select, question.form, self._reader.senders)
            try:
                gone = Request(scope, receive).is_disconnected
                await self._send(send, file.blocks(settings.export_seconds), gone)
            except (Abandoned, TimeoutError):
                log.warning("a client left its file, or took nothing of it for too long")
            finally:
                # even where this task is ended itself
                await asyncio.shield(asyncio.ensure_future(file.end()))

    async def _send(self, send: Send, blocks: AsyncIterator[bytes], gone: Gone) -> None:
        begun = False
        async for block in blocks:
            if not begun:
                await self._begin(send)
                begun = True
            if await gone():
                raise Abandoned
            part = {"type": "http.response.body", "body": block, "more_body": True}
            await asyncio.wait_for(send(part), self._reader.settings.stalled_seconds)
        if not begun:
            await self._begin(send)
        await send({"type": "http.response.body", "body": b"", "more_body": False})

    async def _begin(self, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": self.raw_headers})


async def refused(request: Request, error: Exception) -> Response:
    """An error as JSON with its sentences."""
    assert isinstance(error, QueryError)  # noqa: S101  it is registered for these
    headers = {"Retry-After": _RETRY} if error.status == 503 else {}
    return JSONResponse({"error": as_dict(error)}, error.status, headers)


async def abandoned(request: Request, error: Exception) -> Response:
    """An answer to nobody."""
    return Response(status_code=499)


def application(settings: Settings) -> Starlette:
    """The requests of one process."""
    reader = Reader(settings)
    return Starlette(
        routes=[
            Route("/query", reader.query, methods=["POST"]),
            Route("/export", reader.export, methods=["POST"]),
            Route("/health", reader.health, methods=["GET"]),
        ],
        exception_handlers={
            QueryError: refused,
            Abandoned: abandoned,
            ClientDisconnect: abandoned,
        },
    )
