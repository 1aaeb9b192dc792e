"""DuckDB as versions are made with it: bounded, in a folder of its own, told to stop by a watch."""

import errno
import os
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb

from ckanext.sdopen.tables.making.errors import TooLarge, Unreadable
from ckanext.sdopen.tables.making.limits import Limits
from ckanext.sdopen.tables.store import paths

# is told how far the making is, from 0 to 1, some times a second; it raises to end it
Watch = Callable[[float], None]
_PAUSE = 0.25
# how often the room on the disk is looked at, seconds
_LOOK = 1.0


def unwatched(share: float) -> None:
    """A watch that never ends anything."""


class Engine:
    """A connection whose statements run beside the watch, which is asked in the caller's thread."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, limits: Limits, watch: Watch) -> None:
        self.limits = limits
        self._connection, self._watch = connection, watch
        self._span = (0.0, 1.0)
        self._looked = 0.0

    def part(self, begin: float, end: float) -> None:
        """Say which share of the whole the next statements are."""
        self._span = (begin, end)

    def run(self, sql: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """All rows of a statement.

        Raises:
            TooLarge: it needs more memory or temporary room than it may have.
            NoRoom: the disk has less room than must stay.
            Unreadable: the file that it reads is not what it should be.
        """
        self._tell()
        rows: list[tuple[Any, ...]] = []
        failed: list[BaseException] = []

        def work() -> None:
            try:
                rows.extend(self._connection.execute(sql, list(values)).fetchall())
            except BaseException as error:  # noqa: BLE001 raised again where it is waited for
                failed.append(error)

        worker = threading.Thread(target=work, name="sdopen-table")
        worker.start()
        try:
            while worker.is_alive():
                worker.join(_PAUSE)
                self._tell()
        finally:
            self._end(worker)
        if failed:
            raise self._named(failed[0]) from failed[0]
        return rows

    def _tell(self) -> None:
        moment = time.monotonic()
        if moment - self._looked >= _LOOK:
            self._looked = moment
            paths.require_room(self.limits.folder, 0, self.limits.free << 20)
        begin, end = self._span
        done = max(0.0, self._connection.query_progress()) / 100
        self._watch(begin + (end - begin) * min(done, 1.0))

    def _end(self, worker: threading.Thread) -> None:
        """Interrupt what still runs, again and again: one sent before it begins is lost."""
        while worker.is_alive():
            self._connection.interrupt()
            worker.join(0.05)

    def _named(self, error: BaseException) -> BaseException:
        if isinstance(error, duckdb.OutOfMemoryException):
            return TooLarge(megabytes=self.limits.memory + self.limits.temporary)
        said = str(error)
        if isinstance(error, duckdb.Error) and os.strerror(errno.ENOSPC) in said:
            return paths.no_room(self.limits.folder, self.limits.free << 20)
        if isinstance(error, duckdb.Error) and os.strerror(errno.EFBIG) in said:
            return TooLarge(megabytes=self.limits.memory + self.limits.temporary)
        if isinstance(error, duckdb.InvalidInputException | duckdb.IOException):
            return Unreadable(why=said.splitlines()[0][:200])
        return error


@contextmanager
def engine(limits: Limits, watch: Watch) -> Iterator[Engine]:
    """An engine in a new temporary folder, which goes with it."""
    limits.folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="making-", dir=limits.folder) as folder:
        connection = duckdb.connect(":memory:", config=_settings(limits, Path(folder)))
        try:
            yield Engine(connection, limits, watch)
        finally:
            connection.close()


def _settings(limits: Limits, folder: Path) -> dict[str, Any]:
    return {
        "threads": limits.threads,
        "memory_limit": f"{limits.memory}MiB",
        "temp_directory": str(folder),
        "max_temp_directory_size": f"{limits.temporary}MiB",
        "autoinstall_known_extensions": False,
        "autoload_known_extensions": False,
        "preserve_insertion_order": True,
    }
