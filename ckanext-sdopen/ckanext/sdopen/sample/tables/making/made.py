"""The tables of all open catalogs, one after the other: a rerun goes on where one stopped."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import duckdb

from ckanext.sdopen.sample.records import Entry
from ckanext.sdopen.sample.tables.generating.outline import Outline
from ckanext.sdopen.sample.tables.making import parquet, sizes

# the next number after each change of what is generated; DuckDB's own hash draws the values
GENERATOR = f"1/duckdb-{duckdb.__version__}"
MEMORY_MB = 384


@dataclass(frozen=True)
class Made:
    """A table that was made: whose, how many rows and bytes, by which generator, its file's hash.

    `again` says that it was there already.
    """

    entry: str
    name: str
    title: str
    rows: int
    bytes: int
    hash: str
    generator: str
    again: bool = False

    def path(self, folder: Path) -> Path:
        """Its file in a folder of tables."""
        return folder / f"{self.hash}.parquet"


def outline_of(entry: Entry, full: bool) -> Outline:
    """The table of an open catalog: in the size of the sample, or with all declared records."""
    return Outline.of(entry, sizes.rows_of(entry, full))


def _record(folder: Path, entry: Entry) -> Path:
    return folder / f"{entry.name}.json"


def _recorded(folder: Path, entry: Entry) -> Made | None:
    try:
        return Made(**json.loads(_record(folder, entry).read_text(encoding="utf-8")))
    except (FileNotFoundError, TypeError):
        # none yet, or one of an older form
        return None


def _stands(made: Made | None, outline: Outline, folder: Path) -> bool:
    if made is None or (made.generator, made.rows, made.entry) != (
        GENERATOR,
        outline.rows,
        outline.seed,
    ):
        return False
    path = made.path(folder)
    return path.exists() and path.stat().st_size == made.bytes


def _keep(folder: Path, entry: Entry, made: Made) -> None:
    part = folder / f"{entry.name}.part"
    part.write_text(json.dumps(asdict(made), ensure_ascii=False) + "\n", encoding="utf-8")
    part.replace(_record(folder, entry))


def _make(
    connection: duckdb.DuckDBPyConnection, entry: Entry, outline: Outline, folder: Path
) -> Made:
    old = _recorded(folder, entry)
    if old and _stands(old, outline, folder):
        return replace(old, again=True)
    digest = parquet.write(connection, outline, folder)
    size = (folder / f"{digest}.parquet").stat().st_size
    title = str(entry.payload["title"])
    made = Made(entry.id, entry.name, title, outline.rows, size, digest, GENERATOR)
    _keep(folder, entry, made)
    if old and old.hash != digest:
        old.path(folder).unlink(missing_ok=True)
    return made


def made_tables(entries: Iterable[Entry], folder: Path, full: bool) -> Iterator[Made]:
    """Make the table of each open catalog that lacks it; what was made stays as it is.

    Each is a file `<sha256>.parquet` in the folder, and a record `<catalog>.json` of it.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for half in folder.glob("*.part"):
        half.unlink()
    with parquet.connected(folder, MEMORY_MB) as connection:
        for entry in filter(sizes.is_open, entries):
            yield _make(connection, entry, outline_of(entry, full), folder)
