"""Normalised CSVs as `sheets/` hands them on, and what is made of them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from ckanext.sdopen.tables.columns import Column
from ckanext.sdopen.tables.making.engine import Watch, unwatched
from ckanext.sdopen.tables.making.limits import Limits
from ckanext.sdopen.tables.making.make import Asked, Made, make


def _cell(text: str | None) -> str:
    return "" if text is None else '"' + text.replace('"', '""') + '"'


def write(path: Path, headings: Sequence[str], rows: Iterable[Sequence[str | None]]) -> Path:
    """A CSV of these rows, which the source had from its second row on."""
    with path.open("w", encoding="utf-8", newline="") as file:
        file.write(",".join(map(_cell, ("_row", *headings))) + "\n")
        for number, row in enumerate(rows, 2):
            file.write(",".join(map(_cell, (str(number), *row))) + "\n")
    return path


@dataclass(frozen=True)
class Bench:
    """A folder in which versions are made."""

    folder: Path

    @property
    def part(self) -> Path:
        """Where a version is written."""
        return self.folder / "version.part"

    @property
    def found(self) -> Path:
        """Where its findings are."""
        return self.folder / "found.csv"

    def limits(self, **bounds: Any) -> Limits:
        """Bounds with these others."""
        return Limits(self.folder / "temporary", **{"bad_percent": 100, **bounds})

    def make(
        self,
        columns: Sequence[Column],
        rows: Iterable[Sequence[str | None]],
        watch: Watch = unwatched,
        **bounds: Any,
    ) -> Made:
        """What is made of rows under the columns' names."""
        path = write(self.folder / "rows.csv", [column.name for column in columns], rows)
        return self.of(path, columns, watch, **bounds)

    def of(
        self, path: Path, columns: Sequence[Column], watch: Watch = unwatched, **bounds: Any
    ) -> Made:
        """What is made of a file."""
        asked = Asked("table", {"file": "表.csv"}, {column.name: column for column in columns})
        return make(path, asked, self.part, self.found, self.limits(**bounds), watch)

    def rows(self, sql: str = "SELECT * FROM t") -> list[tuple[Any, ...]]:
        """Rows of the version as `t`."""
        with duckdb.connect() as connection:
            connection.execute(f"CREATE VIEW t AS SELECT * FROM read_parquet('{self.part}')")
            return connection.execute(sql).fetchall()
