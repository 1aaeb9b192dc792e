"""DuckDB in this process, locked: it reads versions in one folder and writes into our pipes."""

import fcntl
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

import duckdb

from ckanext.sdopen.table_reader.settings import Settings
from ckanext.sdopen.tables.query.refusals import Busy, VersionMissing

_HASH = re.compile(r"[0-9a-f]{64}")
_PIPE_BYTES = 1 << 20
# Linux: F_SETPIPE_SZ
_SET_SIZE = getattr(fcntl, "F_SETPIPE_SZ", 1031)


class Pipe(NamedTuple):
    """Both ends of a pipe, and the path by which DuckDB opens the one that is written to."""

    read: int
    path: str


def _pipe() -> Pipe:
    read, write = os.pipe()
    os.set_blocking(read, False)
    fcntl.fcntl(read, _SET_SIZE, _PIPE_BYTES)
    return Pipe(read, f"/proc/self/fd/{write}")


def _text(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"


class Engine:
    """One database of nothing, a cursor for each question, and pipes for files to be sent."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        # DuckDB compares resolved paths
        self._folder = Path(os.path.realpath(settings.folder))
        self._free = [_pipe() for _ in range(settings.exports)]
        self._database = duckdb.connect(":memory:", config=self._configuration())
        self._lock()
        self.rows = lru_cache(maxsize=4096)(self._count)

    def _configuration(self) -> dict[str, str | bool | int | float | list[str]]:
        return {
            "threads": self.settings.threads,
            "memory_limit": f"{self.settings.memory}B",
            # whoever names no folder cannot spill into one
            "temp_directory": "",
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
            "allow_community_extensions": False,
        }

    def _lock(self) -> None:
        pipes = ", ".join(_text(pipe.path) for pipe in self._free)
        for statement in (
            "SET parquet_metadata_cache = true",
            f"SET allowed_directories = [{_text(f'{self._folder}/')}]",
            f"SET allowed_paths = [{pipes}]",
            "SET enable_external_access = false",
            "SET lock_configuration = true",
        ):
            self._database.execute(statement)

    def cursor(self) -> duckdb.DuckDBPyConnection:
        """A connection for one question, which can be interrupted without the others."""
        return self._database.cursor()

    def path(self, version: object) -> str:
        """The file of a version by its hash.

        Raises:
            VersionMissing: there is none.
        """
        if isinstance(version, str) and _HASH.fullmatch(version):
            path = self._folder / version[:2] / f"{version}.parquet"
            if path.is_file():
                return str(path)
        raise VersionMissing("version_missing", "version", given=version)

    def _count(self, path: str) -> int:
        """The rows of a version, told by its footer; a version never changes."""
        with self.cursor() as cursor:
            found = cursor.execute("SELECT count(*) FROM read_parquet(?)", [path]).fetchone()
        return int(found[0]) if found else 0

    @contextmanager
    def pipe(self) -> Iterator[Pipe]:
        """A pipe for one file.

        Raises:
            Busy: all are in use.
        """
        try:
            pipe = self._free.pop()
        except IndexError:
            raise Busy("busy") from None
        try:
            yield pipe
        finally:
            self._free.append(pipe)
