"""How the rows of one sheet are read: which places hold what, and by which reader."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from operator import itemgetter
from typing import Any

from ckanext.sdopen.workbook.columns import ITEMS, Column
from ckanext.sdopen.workbook.reading.cells import Reader, reader_of
from ckanext.sdopen.workbook.reading.header import Header

# the classes of 共享属性 and 开放属性 may stand on every row: there they are the items'
CLASSES = ("sharing", "is_open", "opening")
CONDITIONS = ("sharing_condition", "opening_condition", "closing_basis")


@dataclass(frozen=True)
class Place:
    """A column of the sheet: its position, what it holds, how it is read."""

    position: int
    column: Column
    read: Reader


def _picker(positions: Sequence[int]) -> Callable[[Sequence[Any]], tuple[Any, ...]]:
    if len(positions) > 1:
        return itemgetter(*positions)
    return lambda row: tuple(row[position] for position in positions)


class Layout:
    """The columns of a sheet, those of the catalog and those of its items."""

    def __init__(self, header: Header, from_1904: bool) -> None:
        self.header = header
        places = [
            Place(position, column, reader_of(column, from_1904))
            for position, column in sorted(header.columns.items())
        ]
        self.catalog = tuple(p for p in places if not p.column.of_items)
        self.items = tuple(p for p in places if p.column.of_items)
        self.width = max(header.columns) + 1
        self.pick_catalog = _picker([p.position for p in self.catalog])
        self.pick_items = _picker([p.position for p in self.items])
        self.blank_catalog = ("",) * len(self.catalog)
        self.blank_items = ("",) * len(self.items)
        self.named = {p.column.name: p.position for p in reversed(places)}

    @cached_property
    def by_element(self) -> dict[tuple[str, str], tuple[int, ...]]:
        """{(field, part): positions} where a finding may stand."""
        found: dict[tuple[str, str], list[int]] = {}
        for place in (*self.catalog, *self.items):
            column = place.column
            key = (ITEMS, column.element) if column.of_items else (column.element, "")
            found.setdefault(key, []).append(place.position)
        return {key: tuple(positions) for key, positions in found.items()}

    @cached_property
    def elements(self) -> dict[str, set[str]]:
        """The elements that the sheet has columns for: of the catalog under "", of its items."""
        found: dict[str, set[str]] = {"": set(), ITEMS: set()}
        for place in (*self.catalog, *self.items):
            if place.column.standard_element() is not None:
                found[ITEMS if place.column.of_items else ""].add(place.column.element)
        if "is_open" in self.named and "closing_basis" not in self.named:
            # the older form has one column for condition and basis
            found[""].add("closing_basis")
        return found
