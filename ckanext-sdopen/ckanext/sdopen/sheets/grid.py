"""A table as a source gives it, before its header is known."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import overload

from ckanext.sdopen.sheets.account import Remark
from ckanext.sdopen.sheets.xlsx.rows_xml import Merge

BATCH = 512
Row = list[str]


@dataclass(frozen=True)
class PlainRows(Sequence[Row]):
    """Rows as lines of a text without quotes, which are only split where somebody looks."""

    lines: list[str]
    delimiter: str

    def _split(self, line: str) -> Row:
        return line.split(self.delimiter) if line else []

    def __len__(self) -> int:
        return len(self.lines)

    def __iter__(self) -> Iterator[Row]:
        return map(self._split, self.lines)

    @overload
    def __getitem__(self, place: int) -> Row: ...
    @overload
    def __getitem__(self, place: slice) -> "PlainRows": ...
    def __getitem__(self, place: int | slice) -> "Row | PlainRows":
        if isinstance(place, slice):
            return PlainRows(self.lines[place], self.delimiter)
        return self._split(self.lines[place])


# the numbers of rows, from 1, and the rows
Batch = tuple[Sequence[int], Sequence[Row]]


class Anew(Exception):
    """What was taken for granted of a sheet does not hold: its rows are to be read again."""


@dataclass
class Grid:
    """One sheet, file or array: rows of texts, which may be asked for again.

    Args:
        batches: gives all rows anew.
        merges: merged cells that tell how deep a header is; their values stand in all rows.
        columns: the names of the columns, where the source says them with each value.
        strict: a row of more cells than columns is doubtful rather than wider.
        remarks: asked after the rows were read.
    """

    batches: Callable[[], Iterator[Batch]]
    sheet: str = ""
    merges: tuple[Merge, ...] = ()
    columns: tuple[str, ...] | None = None
    strict: bool = False
    remarks: Callable[[], list[Remark]] = field(default=list)
    merged_cells: Callable[[], int] = field(default=int)
    encoding: str = ""
    delimiter: str = ""
    format: str = ""


def batched(rows: Iterable[Row], first: int = 1) -> Iterator[Batch]:
    """Rows without gaps in batches."""
    rows = iter(rows)
    while batch := list(islice(rows, BATCH)):
        yield range(first, first + len(batch)), batch
        first += len(batch)


def batched_with_numbers(rows: Iterable[tuple[int, Row]]) -> Iterator[Batch]:
    """Rows that bear their numbers, in batches."""
    rows = iter(rows)
    while batch := list(islice(rows, BATCH)):
        yield [number for number, _ in batch], [row for _, row in batch]
