"""A question on its way: its turn, its time, and its end where nobody waits for it any more."""

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from concurrent.futures import Executor
from contextlib import asynccontextmanager
from typing import TypeVar

import duckdb

from ckanext.sdopen.tables.query.refusals import (
    BadValue,
    Broken,
    Busy,
    QueryError,
    TooLarge,
    TooSlow,
)

log = logging.getLogger(__name__)
# seconds between two looks; an interruption sent before the work has begun is lost
LOOK = 0.1
T = TypeVar("T")
Gone = Callable[[], Awaitable[bool]]


class Abandoned(Exception):
    """Nobody waits for the answer any more."""


class Turns:
    """How many work at a time, and how many may wait for that."""

    def __init__(self, running: int, waiting: int) -> None:
        self._permits = asyncio.Semaphore(running)
        self._waiting, self._most = 0, waiting

    @asynccontextmanager
    async def turn(self, seconds: float) -> AsyncIterator[None]:
        """Wait for a turn and take it.

        Raises:
            Busy: too many wait, or it did not come in so many seconds.
        """
        if self._permits.locked() and self._waiting >= self._most:
            raise Busy("busy")
        self._waiting += 1
        try:
            await asyncio.wait_for(self._permits.acquire(), seconds)
        except TimeoutError:
            raise Busy("busy") from None
        finally:
            self._waiting -= 1
        try:
            yield
        finally:
            self._permits.release()


async def attended(
    executor: Executor,
    work: Callable[[], T],
    cursor: duckdb.DuckDBPyConnection,
    seconds: float,
    gone: Gone,
) -> T:
    """What a piece of work on a cursor gives, in a thread; interrupted when its time is over.

    Args:
        executor: whose thread it gets.
        work: what is done.
        cursor: what is interrupted, again and again.
        seconds: how long it may take.
        gone: whether nobody waits for it any more.

    Raises:
        QueryError: it took too long, needs too much, or the file is not what was said.
        Abandoned: nobody waits any more.
    """
    task = asyncio.get_running_loop().run_in_executor(executor, work)
    until, cause = time.monotonic() + seconds, None
    while not task.done():
        try:
            await asyncio.wait({task}, timeout=LOOK)
            if cause is None and not task.done():
                cause = await _cause(until, seconds, gone)
        except asyncio.CancelledError:
            cause = Abandoned()
        if cause is not None:
            cursor.interrupt()
    try:
        return task.result()
    except duckdb.Error as error:
        raise (cause or explained(error)) from error


async def _cause(until: float, seconds: float, gone: Gone) -> Exception | None:
    if time.monotonic() > until:
        return TooSlow("too_slow", most=f"{seconds:.0f}")
    return Abandoned() if await gone() else None


def explained(error: duckdb.Error) -> QueryError:
    """What an error of DuckDB's means for whoever asked."""
    if isinstance(error, duckdb.OutOfMemoryException):
        return TooLarge("too_much_memory")
    if isinstance(error, duckdb.BinderException):
        log.error("a version lacks a column of its description: %s", error)
        return Broken("columns_foreign")
    if isinstance(error, duckdb.ConversionException | duckdb.OutOfRangeException):
        return BadValue("not_a_number", "filters", given="…")
    log.error("a question failed: %s", error)
    return Broken("version_unreadable")
