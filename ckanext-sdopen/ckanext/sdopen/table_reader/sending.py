"""A file on its way: DuckDB writes CSV or lines of JSON into a pipe, blocks of it go to the client.

DuckDB's own writer is the fastest that there is; a pipe is no file, so it may write into it.
"""

import asyncio
import os
import time
from collections.abc import AsyncIterator
from concurrent.futures import Executor

import duckdb

from ckanext.sdopen.table_reader.attending import LOOK, explained
from ckanext.sdopen.table_reader.engine import Pipe
from ckanext.sdopen.tables.query.known import Piece
from ckanext.sdopen.tables.query.refusals import TooSlow

FORMS = {"csv": "FORMAT csv, HEADER true", "jsonl": "FORMAT json"}
TYPES = {"csv": "text/csv; charset=utf-8", "jsonl": "application/x-ndjson; charset=utf-8"}
_BLOCK = 1 << 20
# seconds in which the pipe fills by half: few large blocks cost less than many small ones
_FILLING = 0.004


class File:
    """The rows of a SELECT as a file."""

    def __init__(
        self,
        cursor: duckdb.DuckDBPyConnection,
        pipe: Pipe,
        select: Piece,
        form: str,
        executor: Executor,
    ) -> None:
        self._cursor, self._pipe = cursor, pipe
        copy = f"COPY ({select.sql}) TO '{pipe.path}' ({FORMS[form]})"
        loop = asyncio.get_running_loop()
        self._work = loop.run_in_executor(executor, cursor.execute, copy, select.values)
        self._moved = asyncio.Event()
        self._work.add_done_callback(lambda _: self._moved.set())

    async def blocks(self, seconds: float) -> AsyncIterator[bytes]:
        """What is written, block by block.

        Raises:
            QueryError: it took longer than so many seconds, or cannot be made.
        """
        until = time.monotonic() + seconds
        while True:
            # looked at first: the last block may come between the two looks
            ended = self._work.done()
            if block := self._read():
                yield block
                if time.monotonic() > until:
                    raise TooSlow("too_slow", most=f"{seconds:.0f}")
            elif ended:
                try:
                    self._work.result()
                except duckdb.Error as error:
                    raise explained(error) from error
                return
            else:
                await self._wait(until, seconds)

    async def _wait(self, until: float, seconds: float) -> None:
        """Wait for something in the pipe, or the end of the work."""
        loop = asyncio.get_running_loop()
        # only meanwhile: a pipe that is not empty would call without an end
        loop.add_reader(self._pipe.read, self._moved.set)
        try:
            await asyncio.wait_for(self._moved.wait(), max(until - time.monotonic(), 0))
        except TimeoutError:
            raise TooSlow("too_slow", most=f"{seconds:.0f}") from None
        finally:
            loop.remove_reader(self._pipe.read)
        if not self._work.done():
            self._moved.clear()
            await asyncio.sleep(_FILLING)

    def _read(self) -> bytes:
        """What lies in the pipe; nothing where it is empty."""
        try:
            return os.read(self._pipe.read, _BLOCK)
        except BlockingIOError:
            return b""

    async def end(self) -> None:
        """Stop the work where it goes on, and leave the pipe empty for the next."""
        while not self._work.done():
            self._cursor.interrupt()
            # it may wait for room in the pipe, where no interruption reaches it
            while self._read():
                pass
            await asyncio.wait({self._work}, timeout=LOOK)
        while self._read():
            pass
        self._work.exception()
        self._cursor.close()
