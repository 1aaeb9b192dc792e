"""One table as Parquet: sorted by its key, `_id` dense from 1, named by its content."""

import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from ckanext.sdopen.sample.tables.generating import select
from ckanext.sdopen.sample.tables.generating.outline import Outline
from ckanext.sdopen.sample.tables.generating.words import quoted

_FORMAT = "FORMAT parquet, PARQUET_VERSION v2, COMPRESSION zstd, ROW_GROUP_SIZE 20480"


@contextmanager
def connected(folder: Path, memory_mb: int) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection that sorts beyond its memory in the folder; the same rows on each run.

    One thread, for several write the same rows in files of other bytes.
    """
    settings: dict[str, str | bool | int | float | list[str]] = {
        "threads": 1,
        "memory_limit": f"{memory_mb}MB",
        "temp_directory": str(folder / "spill"),
    }
    connection = duckdb.connect(config=settings)
    try:
        yield connection
    finally:
        connection.close()


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def write(connection: duckdb.DuckDBPyConnection, outline: Outline, folder: Path) -> str:
    """Write the rows of a table into the folder; the file appears whole or not at all.

    Returns:
        The SHA-256 of the file, which is its name: `<sha256>.parquet`.
    """
    part = folder / f"{outline.seed}.part"
    try:
        connection.execute(
            f"COPY ({select.rows(outline)}) TO {quoted(str(part))} ({_FORMAT}, USE_TMP_FILE false)"
        )
        with part.open("rb") as file:
            os.fsync(file.fileno())
        digest = _digest(part)
        part.replace(folder / f"{digest}.parquet")
    except RuntimeError as error:
        # what DuckDB 2.0 makes of the terminal's interrupt
        if "interrupted" in str(error):
            raise KeyboardInterrupt from error
        raise
    finally:
        part.unlink(missing_ok=True)
    return digest
