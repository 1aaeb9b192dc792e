"""CSV and its kin: encoding and delimiter are told from the file, rows stream in batches."""

import csv
import io
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import chain, islice
from pathlib import Path
from typing import Any

from ckanext.sdopen.sheets.account import Remark
from ckanext.sdopen.sheets.charsets import Characters
from ckanext.sdopen.sheets.grid import BATCH, Anew, Batch, Grid, PlainRows
from ckanext.sdopen.sheets.limits import Limits
from ckanext.sdopen.sheets.messages import SheetError

# in the order in which one is taken where two fit alike
DELIMITERS = ",\t;|，"
_HEAD = 1 << 16
_CHUNK = 1 << 17
_HEAD_LINES = 100
# characters of a batch: what is in memory at a time
_BATCH_SIZE = 2_000_000
_SAID = re.compile(r"sep=(.)\r?\n", re.IGNORECASE)
# bytes that were read since the beginning
Progress = Callable[[int], None]


class _ToldFile(io.FileIO):
    """A file that tells how far it was read."""

    progress: Progress

    def readinto(self, buffer: bytearray) -> int | None:  # type: ignore[override]
        """Read as a file does, and tell."""
        count = super().readinto(buffer)
        self.progress(self.tell())
        return count


def opened(path: Path, characters: Characters, progress: Progress) -> io.TextIOWrapper:
    """The text of a file, its line breaks as they are."""
    raw = _ToldFile(path)
    raw.progress = progress
    raw.seek(characters.mark)
    buffer: Any = io.BufferedReader(raw, 1 << 20)
    return io.TextIOWrapper(buffer, encoding=characters.encoding, newline="")


def head_of(path: Path, characters: Characters) -> str:
    """The first characters of a file, cut after a line if there is more than one."""
    with opened(path, characters, lambda _: None) as text:
        head = text.read(_HEAD)
    return head if len(head) < _HEAD else head[: head.rfind("\n") + 1] or head


def delimiter_of(head: str) -> str:
    """The delimiter with which most rows have the same number of cells, the most of equals."""
    said = _SAID.match(head)
    if said:
        return said[1]
    best, found = (0.0, 1), ","
    for delimiter in DELIMITERS:
        widths = Counter(_widths(head, delimiter))
        wide = {width: times for width, times in widths.items() if width > 1}
        if not wide:
            continue
        width, times = max(wide.items(), key=lambda one: (one[1], one[0]))
        score = (round(times / widths.total(), 1), width)
        if score > best:
            best, found = score, delimiter
    return found


def _widths(head: str, delimiter: str) -> list[int]:
    rows = csv.reader(io.StringIO(head, newline=""), delimiter=delimiter)
    widths: list[int] = []
    try:
        for row in rows:
            if row and len(widths) < _HEAD_LINES:
                widths.append(len(row))
    except csv.Error:
        pass
    return widths


@dataclass
class _Delimited:
    """A delimited text; its quotes may turn out to be plain signs."""

    path: Path
    characters: Characters
    limits: Limits
    progress: Progress
    delimiter: str
    size: int
    plain_quotes: bool = False

    def batches(self) -> Iterator[Batch]:
        """The rows from the first; Anew where a table of tabs does not quote its cells."""
        first, rest = 1, ""
        with opened(self.path, self.characters, self.progress) as text:
            while chunk := text.read(_CHUNK):
                rest += chunk
                cut = rest.rfind("\n") + 1
                lines = self._plain(rest[:cut])
                if lines is None or (not cut and "\r" in rest):
                    break
                rest = rest[cut:]
                if lines:
                    yield range(first, first + len(lines)), PlainRows(lines, self.delimiter)
                    first += len(lines)
            # from the first quote on a line is not a row; nor may the last line lack its end
            lines_left = chain(io.StringIO(rest + text.readline(), newline=""), text)
            yield from self._quoted(lines_left, first)

    def _plain(self, text: str) -> list[str] | None:
        """The lines of a text that are its rows; None where they may not be."""
        if '"' in text:
            return None
        if "\r" in text:
            text = text.replace("\r\n", "\n")
            if "\r" in text:
                return None
        lines = text.split("\n")
        lines.pop()
        # the reader says which
        return None if max(map(len, lines), default=0) > self.limits.cell else lines

    def _quoted(self, lines: Iterable[str], first: int) -> Iterator[Batch]:
        quoting: Any = csv.QUOTE_NONE if self.plain_quotes else csv.QUOTE_MINIMAL
        reader = csv.reader(lines, delimiter=self.delimiter, strict=True, quoting=quoting)
        before = first - 1
        while batch := self._next(reader, before):
            yield range(first, first + len(batch)), batch
            first += len(batch)

    def _next(self, reader: Any, before: int) -> list[list[str]]:
        try:
            return list(islice(reader, self.size))
        except csv.Error as error:
            if self.delimiter == "\t" and not self.plain_quotes:
                self.plain_quotes = True
                raise Anew from None
            row = before + reader.line_num
            if "field limit" in str(error):
                raise SheetError("cell_long", row=row, limit=self.limits.cell) from None
            raise SheetError("csv", row=row, detail=error) from None

    def remarks(self) -> list[Remark]:
        """What is to be said of the text."""
        return [Remark("quotes_plain")] if self.plain_quotes else []


def grid(path: Path, name: str, characters: Characters, limits: Limits, progress: Progress) -> Grid:
    """The rows of a delimited text."""
    csv.field_size_limit(limits.cell)
    head = head_of(path, characters)
    delimiter = delimiter_of(head)
    lines = head.count("\n") or head.count("\r") or 1
    size = max(16, min(BATCH, _BATCH_SIZE * lines // max(1, len(head))))
    text = _Delimited(path, characters, limits, progress, delimiter, size)
    return Grid(
        text.batches,
        sheet=name,
        strict=True,
        remarks=text.remarks,
        encoding=characters.encoding,
        delimiter=delimiter,
        format="tsv" if delimiter == "\t" else "csv",
    )
