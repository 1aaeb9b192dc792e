"""The XML of a sheet cut into rows while it streams, and what a row tells without its values.

The cutter works on bytes, so that what is not touched can be written back as it was.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from ckanext.sdopen.sheets.addresses import column_of, parsed
from ckanext.sdopen.sheets.messages import SheetError

_ROW = re.compile(rb"<((?:\w+:)?)row(?=[\s/>])")
_END_OF_DATA = re.compile(rb"</(?:\w+:)?sheetData\s*>")
_LONGEST_ROW = 32 << 20
_LONGEST_TAG = 1 << 10
_ATTRIBUTE = {
    name: re.compile(rb"\s" + name.encode() + rb"\s*=\s*[\"']([^\"']*)[\"']")
    for name in ("r", "hidden", "s", "t")
}
CELL = re.compile(rb"<((?:\w+:)?)c((?:\s[^>]*?)?)(?:/>|>(.*?)</(?:\w+:)?c\s*>)", re.DOTALL)
_VALUE = re.compile(rb"<(?:\w+:)?(?:v|is)(?:\s[^>]*)?>(?!\s*</)")
_FORMULA = re.compile(rb"<(?:\w+:)?f(?=[\s/>])")
# ((first row, first column), (last row, last column)), counted from 0
Merge = tuple[tuple[int, int], tuple[int, int]]
_MERGE = re.compile(rb"""<(?:\w+:)?mergeCell\s+ref\s*=\s*["']([A-Z]+\d+):([A-Z]+\d+)["']""")
_REFERENCE = re.compile(rb"([A-Z]{1,3})\d+")


def attribute(name: str, tag: bytes) -> bytes | None:
    """The value of an attribute of a tag, None where it has none."""
    found = _ATTRIBUTE[name].search(tag)
    return found[1] if found else None


def pieces(chunks: Iterable[bytes]) -> Iterator[tuple[bool, bytes]]:
    """(is a row, its bytes) in their order; joined, the bytes are the sheet's.

    Raises:
        SheetError: a row has no end, or is longer than any honest one.
    """
    buffer, source, ended = b"", iter(chunks), False
    for chunk in source:
        buffer += chunk
        position = 0
        while not ended:
            start = _ROW.search(buffer, position)
            if _END_OF_DATA.search(buffer, position, start.start() if start else len(buffer)):
                ended = True
                break
            end = _end_of_row(buffer, start) if start else -1
            if not start or end < 0:
                break
            if start.start() > position:
                yield False, buffer[position : start.start()]
            yield True, buffer[start.start() : end]
            position = end
        buffer = buffer[position:]
        if ended:
            yield False, buffer
            buffer = b""
        elif len(buffer) > _LONGEST_ROW:
            raise SheetError("damaged", detail="row")
    if buffer:
        yield False, buffer


def _end_of_row(buffer: bytes, start: re.Match[bytes]) -> int:
    tag_end = buffer.find(b">", start.end())
    if tag_end < 0:
        return -1
    if buffer[tag_end - 1 : tag_end] == b"/":
        return tag_end + 1
    closing = b"</" + start[1] + b"row>"
    end = buffer.find(closing, tag_end)
    return end + len(closing) if end >= 0 else -1


def number_of(row: bytes, previous: int) -> int:
    """The number of a row from 0; one that does not say follows the previous."""
    said = attribute("r", row[: row.find(b">") + 1])
    return int(said) - 1 if said and said.isdigit() else previous + 1


@dataclass
class Scan:
    """What the XML of a sheet tells beside the values; rows and columns count from 0."""

    hidden: set[int] = field(default_factory=set)
    uncached: set[tuple[int, int]] = field(default_factory=set)
    broken: set[tuple[int, int]] = field(default_factory=set)
    merges: list[Merge] = field(default_factory=list)
    last_row: int = -1
    last_column: int = -1
    # the beginning of a tag that the next piece ends
    _cut: bytes = b""

    def look(self, row: bytes, number: int, columns: int) -> None:
        """Take in one row; `columns` is the bound beyond which it looks closer."""
        tag = row[: row.find(b">") + 1]
        if attribute("hidden", tag) in (b"1", b"true"):
            self.hidden.add(number)
        if b"<v" not in row and b"<is" not in row and not _VALUE.search(row):
            if b"<f" not in row and b":f" not in row:
                return
        elif number > self.last_row:
            self.last_row = number
        last = _REFERENCE.match(row, row.rfind(b' r="') + 4)
        place = column_of(last[1].decode()) if last else 0
        if place > self.last_column:
            if place >= columns:
                place = max((c for c, _, inner in cells(row) if _VALUE.search(inner)), default=0)
            self.last_column = max(self.last_column, place)
        if b'"e"' in row or (b"<f" in row or b":f" in row):
            self._formulas(row, number)

    def look_around(self, piece: bytes) -> None:
        """Take in what stands outside the rows: the merged cells."""
        seen = self._cut + piece
        self._cut = seen[seen.rfind(b">") + 1 :][-_LONGEST_TAG:]
        for found in _MERGE.finditer(seen):
            corners = [parsed(found[place].decode()) for place in (1, 2)]
            if corners[0] and corners[1]:
                self.merges.append((corners[0], corners[1]))

    def _formulas(self, row: bytes, number: int) -> None:
        for column, attributes, inner in cells(row):
            if attribute("t", attributes) == b"e":
                self.broken.add((number, column))
            elif _FORMULA.search(inner) and not _VALUE.search(inner):
                self.uncached.add((number, column))


def cells(row: bytes) -> Iterator[tuple[int, bytes, bytes]]:
    """(column, attributes, inner XML) of each cell of a row."""
    column = -1
    for found in CELL.finditer(row, row.find(b">") + 1):
        said = _REFERENCE.match(attribute("r", found[2]) or b"")
        column = column_of(said[1].decode()) if said else column + 1
        yield column, found[2], found[3] or b""
