"""From rows to blocks: the rows of one catalog, one row an item.

A catalog's cells stand on its first row; below they are merged, blank, or the same again.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from ckanext.sdopen.sheets.xlsx.rows_xml import Merge
from ckanext.sdopen.workbook.columns import folded, form
from ckanext.sdopen.workbook.reading.cells import text
from ckanext.sdopen.workbook.reading.layout import CLASSES, CONDITIONS, Layout

Row = tuple[int, list[Any]]
_MAY_DIFFER = frozenset({"sequence", *CLASSES, *CONDITIONS})


@cache
def _remark() -> re.Pattern[str]:
    return re.compile(rf"(?:{'|'.join(form().remarks)})\s*[:：]")


@dataclass
class Block:
    """The rows of one catalog; `loose` where catalog cells stand below the first row too.

    `differing` are cells (row, position) that contradict the first row.
    """

    rows: list[Row]
    loose: bool = False
    differing: list[tuple[int, int]] = field(default_factory=list)

    def first(self, position: int) -> tuple[int, Any]:
        """(row, cell) of the first row that fills a column; the first row where none does."""
        if self.loose:
            for number, row in self.rows:
                if row[position] != "":
                    return number, row[position]
        number, row = self.rows[0]
        return number, row[position]


@dataclass
class Skipped:
    """Rows that are no catalogs: totals and remarks, numbers from 0."""

    totals: list[int] = field(default_factory=list)
    remarks: list[int] = field(default_factory=list)


class Grouping:
    """Puts the rows of a sheet into blocks, in one pass."""

    def __init__(self, layout: Layout, merges: Sequence[Merge] = ()) -> None:
        self.layout = layout
        self.skipped = Skipped()
        self.rows = 0
        self._covered = _Covered(merges)
        self._title = layout.named["title"]
        self._code = layout.named.get("resource_code")
        self._sequence = layout.named.get("sequence")

    def blocks(self, cells: Iterable[Row]) -> Iterator[Block]:
        """The blocks under the header; blank rows, totals and remarks are no part of them."""
        layout, current = self.layout, None
        missing = [""] * layout.width
        for number, row in cells:
            if number <= layout.header.last_row or row.count("") == len(row):
                continue
            if len(row) < layout.width:
                row = row + missing[len(row) :]
            if layout.pick_catalog(row) == layout.blank_catalog and current is not None:
                if layout.pick_items(row) != layout.blank_items:
                    current.rows.append((number, row))
                    self.rows += 1
                continue
            if self._is_no_catalog(number, row):
                continue
            self.rows += 1
            if current is not None and self._continues(current, row):
                self._add(current, number, row)
                continue
            if current is not None:
                yield current
            self._fill(number, row)
            current = Block([(number, row)])
        if current is not None:
            yield current

    def _is_no_catalog(self, number: int, row: list[Any]) -> bool:
        """Totals and remarks: a row that begins so and names no item nor code."""
        named = [p for p in ("resource_code", "item_name") if p in self.layout.named]
        if any(text(row[self.layout.named[name]]) for name in named):
            return False
        filled = [said for cell in row if (said := text(cell))]
        if not filled:
            return True
        if folded(filled[0]) in form().totals:
            self.skipped.totals.append(number)
            return True
        if len(filled) <= 2 and _remark().match(filled[0]):
            self.skipped.remarks.append(number)
            return True
        return False

    def _continues(self, block: Block, row: list[Any]) -> bool:
        """Whether a row with catalog cells of its own belongs to the block above.

        The same title or, without a title, nothing that begins another catalog. A title that
        comes again with another code and another number is another catalog.
        """
        first = block.rows[0][1]
        title, code = text(row[self._title]), self._text(row, self._code)
        known_code = self._text(first, self._code)
        if not title:
            return not code or code == known_code or not self._begins(row)
        same_number = self._agrees(row, first, self._sequence)
        same_abstract = self._agrees(row, first, self.layout.named.get("notes"))
        if folded(title) != folded(text(first[self._title])):
            return bool(code) and code == known_code and same_abstract
        return not code or code == known_code or (same_number and same_abstract)

    def _agrees(self, row: list[Any], first: list[Any], position: int | None) -> bool:
        return self._text(row, position) in ("", self._text(first, position))

    @staticmethod
    def _text(row: list[Any], position: int | None) -> str:
        return "" if position is None else text(row[position])

    def _begins(self, row: list[Any]) -> bool:
        """Whether a row without a title fills what else only a catalog's first row does."""
        named = self.layout.named
        begun = (named[name] for name in ("notes", "provider", "format_category") if name in named)
        return any(text(row[position]) for position in begun)

    def _add(self, block: Block, number: int, row: list[Any]) -> None:
        block.rows.append((number, row))
        block.loose = True
        for place in self.layout.catalog:
            cell = row[place.position]
            if cell == "" or place.column.name in _MAY_DIFFER:
                continue
            _, known = block.first(place.position)
            if known != cell and text(known) != text(cell):
                block.differing.append((number, place.position))

    def _fill(self, number: int, row: list[Any]) -> None:
        """A cell that was merged over several catalogs, as of one provider, counts for each."""
        for place in self.layout.catalog:
            if row[place.position] == "":
                row[place.position] = self._covered.value(number, place.position)
            self._covered.remember(number, place.position, row[place.position])


class _Covered:
    """The values of cells merged downwards, for the rows that they cover."""

    def __init__(self, merges: Sequence[Merge]) -> None:
        self._last = {
            (top, column): bottom
            for (top, left), (bottom, right) in merges
            if bottom > top
            for column in range(left, right + 1)
        }
        self._open: dict[int, tuple[int, Any]] = {}

    def remember(self, row: int, column: int, value: Any) -> None:
        bottom = self._last.get((row, column))
        if bottom is not None:
            self._open[column] = (bottom, value)

    def value(self, row: int, column: int) -> Any:
        bottom, value = self._open.get(column, (-1, ""))
        return value if row <= bottom else ""
