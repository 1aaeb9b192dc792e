"""What the page of a table shows: a page of its rows, what its columns are, where one goes on."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import ckan.plugins.toolkit as tk

from ckanext.sdopen import parameters
from ckanext.sdopen.table_publishing import reading, totals
from ckanext.sdopen.table_publishing.giving import addresses, asked, heads
from ckanext.sdopen.table_publishing.giving.addresses import Pairs
from ckanext.sdopen.table_publishing.giving.asked import Asked
from ckanext.sdopen.table_publishing.giving.found import Found
from ckanext.sdopen.table_publishing.giving.heads import Head
from ckanext.sdopen.tables.columns import Column, Kind

# signs of a cell that a page shows; files hold all of them
_LONGEST = 300
_MOST_PAGES = 10**7
_NUMBERS = (Kind.INTEGER, Kind.NUMBER)


@dataclass(frozen=True)
class Cell:
    """A value as it is shown."""

    text: str
    is_number: bool


@dataclass(frozen=True)
class Preview:
    """A page of a table; `pairs` are the parameters it was asked with, without that of the page."""

    heads: Sequence[Head]
    rows: Sequence[Sequence[Cell]]
    total: int
    number: int
    pages: int
    pairs: Pairs
    q: str
    conditions: Sequence[tuple[str, str]]
    first: str
    previous: str
    next: str
    choices: Sequence[tuple[str, bool]]


def of(found: Found, given: Pairs) -> Preview:
    """What a page shows that is asked with these parameters.

    Raises:
        ValidationError: one is wrong, or the reader refuses the question.
        TableReaderAway: it does not answer.
    """
    question = asked.of(given, found.version.columns)
    number = parameters.whole_number(dict(given), "page", 1, 1, _MOST_PAGES)
    size = int(tk.config["ckanext.sdopen.tables.preview_rows"])
    with reading.refusing():
        total = totals.total(found.version, question.narrowing)
    rows = _rows(found, question, size, (number - 1) * size)
    pairs, pages = question.pairs, max(1, -(-total // size))

    def page(place: int) -> str:
        is_there = 1 <= place <= pages and place != number
        return addresses.page(found, [*pairs, ("page", str(place))]) if is_there else ""

    shown = {column.name for column in question.columns}
    return Preview(
        [heads.head(found, column, question) for column in question.columns],
        rows,
        total,
        number,
        pages,
        pairs,
        question.value("q"),
        heads.conditions(found, question),
        addresses.page(found, pairs) if number > 1 else "",
        page(number - 1),
        page(number + 1),
        [(column.name, column.name in shown) for column in found.version.columns],
    )


def excerpt(found: Found, size: int) -> tuple[Sequence[Column], Sequence[Sequence[Cell]]]:
    """The first rows of a table with its columns."""
    question = asked.of((), found.version.columns)
    return question.columns, _rows(found, question, size, 0)


def _rows(found: Found, question: Asked, size: int, offset: int) -> list[list[Cell]]:
    page = {"limit": size, "offset": offset}
    rows = reading.ask(found.version, question.rows | page)["rows"]
    return [
        [_cell(column, value) for column, value in zip(question.columns, row, strict=True)]
        for row in rows
    ]


def _cell(column: Column, value: Any) -> Cell:
    return Cell(_text(column.kind, value), column.kind in _NUMBERS)


def _text(kind: Kind, value: Any) -> str:
    if value is None:
        return ""
    if kind == Kind.BOOLEAN:
        return str(tk._("Yes") if value else tk._("No"))
    text = str(value).replace("T", " ") if kind == Kind.DATETIME else str(value)
    return text if len(text) <= _LONGEST else text[:_LONGEST] + "…"
