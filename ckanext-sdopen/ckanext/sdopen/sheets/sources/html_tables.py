"""Tables of an HTML page, which many systems hand out as `.xls`."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from lxml import etree

from ckanext.sdopen.sheets.charsets import Characters
from ckanext.sdopen.sheets.grid import Grid, Row, batched
from ckanext.sdopen.sheets.limits import Limits
from ckanext.sdopen.sheets.messages import SheetError
from ckanext.sdopen.sheets.sources.delimited import Progress, opened

# a page is read as a whole
_LARGEST = 64 << 20
_WIDEST_SPAN = 100


def grids(path: Path, characters: Characters, limits: Limits, progress: Progress) -> Iterator[Grid]:
    """The tables of a page that hold no others.

    Raises:
        SheetError: the page is too large.
    """
    size = path.stat().st_size
    if size > _LARGEST:
        raise SheetError("too_large", size=size >> 20, limit=_LARGEST >> 20)
    with opened(path, characters, progress) as file:
        parser: Any = etree.HTMLParser(encoding="utf-8", no_network=True)
        page = etree.fromstring(file.read().encode(), parser)
    tables = [one for one in page.iter("table") if one.find(".//table") is None]
    for number, table in enumerate(tables, start=1):
        rows = list(_rows(table, limits))
        caption = "".join(table.xpath("caption//text()")).strip()
        yield Grid(
            lambda rows=rows: batched(list(row) for row in rows),  # type: ignore[misc]
            sheet=caption or (str(number) if len(tables) > 1 else ""),
            encoding=characters.encoding,
            format="html",
        )


def _span(cell: Any, name: str) -> int:
    said = cell.get(name, "1").strip()
    return max(1, min(int(said), _WIDEST_SPAN)) if said.isdigit() else 1


def _rows(table: Any, limits: Limits) -> Iterator[Row]:
    """Rows of texts; a cell over several rows stands in each, one over columns in the first."""
    # {column: (text, rows that are left)}
    below: dict[int, tuple[str, int]] = {}
    for number, line in enumerate(table.iter("tr"), start=1):
        row: Row = []
        for cell in line.xpath("td|th"):
            _fill(row, below)
            text = " ".join("".join(cell.itertext()).split())
            down = _span(cell, "rowspan") - 1
            for place in range(_span(cell, "colspan")):
                if down:
                    below[len(row)] = (text if not place else "", down)
                row.append(text if not place else "")
        _fill(row, below)
        if len(row) > limits.columns:
            raise SheetError(
                "columns", sheet="HTML", row=number, count=len(row), limit=limits.columns
            )
        yield row


def _fill(row: Row, below: dict[int, tuple[str, int]]) -> None:
    while len(row) in below:
        place = len(row)
        text, left = below.pop(place)
        if left > 1:
            below[place] = (text, left - 1)
        row.append(text)
