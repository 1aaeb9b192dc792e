"""The sheets of a workbook: rows as their kinds are, the items, and where it all comes from."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple
from unicodedata import east_asian_width

import ckan.plugins.toolkit as tk
import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from ckanext.sdopen.table_publishing.giving import addresses
from ckanext.sdopen.table_publishing.giving.found import Found
from ckanext.sdopen.table_publishing.giving.kinds import label
from ckanext.sdopen.tables.columns import Column, Kind

# rows by which widths are chosen, and widths in signs
LOOKED_AT = 100
_LEAST, _MOST, _ROOM = 8, 50, 3
# rows of a sheet beside its heading
MOST_ROWS = (1 << 20) - 1
# what Excel holds: signs of a cell, digits of a number, the first day
_SIGNS, _DIGITS, _FIRST_DAY = 32_767, 15, date(1900, 3, 1)
_DATES: Mapping[Kind, str] = {Kind.DATE: "yyyy-mm-dd", Kind.DATETIME: "yyyy-mm-dd hh:mm:ss"}
_Row = Mapping[str, Any]


def write(
    path: Path,
    found: Found,
    columns: Sequence[Column],
    first: Sequence[_Row],
    rows: Iterable[_Row],
    count: int,
) -> None:
    """Write the workbook of a table.

    Args:
        path: where to; what is needed on the way stands beside it.
        found: of which table.
        columns: those that are shown.
        first: some of its rows, for the widths.
        rows: all of them, `{column: value}` as JSON has them.
        count: how many they are.
    """
    plain = {"strings_to_formulas": False, "strings_to_urls": False}
    # closed at the end only: as a block it would be packed after an error, too
    book = xlsxwriter.Workbook(
        str(path), {"constant_memory": True, "tmpdir": str(path.parent), **plain}
    )
    book.set_properties({"title": found.title, "created": found.version.created})
    bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
    left, written = iter(rows), 0
    for number in range(1, max(1, -(-count // MOST_ROWS)) + 1):
        title = tk._("Data") if number == 1 else f"{tk._('Data')} {number}"
        some = min(count - written, MOST_ROWS)
        shape = _Shape(title, columns, first, some)
        _data(book, bold, shape, islice(left, some))
        written += some
    _items(book.add_worksheet(tk._("Items")), bold, columns)
    _source(book.add_worksheet(tk._("Source")), bold, found, count)
    book.close()


class _Shape(NamedTuple):
    """A sheet of rows: its title and columns, rows for the widths, how many it holds."""

    title: str
    columns: Sequence[Column]
    first: Sequence[_Row]
    rows: int


def _data(book: xlsxwriter.Workbook, bold: Format, shape: _Shape, rows: Iterable[_Row]) -> None:
    columns = shape.columns
    sheet = book.add_worksheet(shape.title)
    formats = {kind: book.add_format({"num_format": said}) for kind, said in _DATES.items()}
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, shape.rows, len(columns) - 1)
    for place, column in enumerate(columns):
        sheet.set_column(place, place, _width(column, shape.first), formats.get(column.kind))
        sheet.write_string(0, place, column.name, bold)
    written = [_cell(column, formats.get(column.kind)) for column in columns]
    for number, row in enumerate(rows, 1):
        for place, (column, put) in enumerate(zip(columns, written, strict=True)):
            value = row[column.name]
            if value is not None:
                put(sheet, number, place, value)


def _width(column: Column, rows: Sequence[_Row]) -> int:
    texts = [column.name, *(str(row[column.name]) for row in rows)]
    widest = max(sum(2 if east_asian_width(sign) in "WF" else 1 for sign in one) for one in texts)
    return min(max(widest + _ROOM, _LEAST), _MOST)


_Put = Callable[[Worksheet, int, int, Any], object]


def _cell(column: Column, style: Format | None) -> _Put:
    """How a value of a column is written; what Excel would spoil stays a text."""
    if column.kind in _DATES:
        return lambda sheet, row, place, value: _moment(sheet, row, place, str(value), style)
    if column.kind == Kind.BOOLEAN:
        return lambda sheet, row, place, value: sheet.write_boolean(row, place, value)
    if column.kind == Kind.TEXT:
        return lambda sheet, row, place, value: sheet.write_string(row, place, value[:_SIGNS])
    return _number


def _number(sheet: Worksheet, row: int, place: int, value: float) -> None:
    if isinstance(value, int) and len(str(abs(value))) > _DIGITS:
        sheet.write_string(row, place, str(value))
    else:
        sheet.write_number(row, place, value)


def _moment(sheet: Worksheet, row: int, place: int, value: str, style: Format | None) -> None:
    moment = datetime.fromisoformat(value)
    if moment.date() < _FIRST_DAY:
        sheet.write_string(row, place, value)
    else:
        sheet.write_datetime(row, place, moment, style)


def _items(sheet: Worksheet, bold: Format, columns: Sequence[Column]) -> None:
    headings = [
        (tk._("Item"), 24),
        (tk._("English name"), 20),
        (tk._("Type"), 10),
        (tk._("Length"), 8),
        (tk._("Unit"), 10),
        (tk._("Description"), 50),
        (tk._("Allowed values"), 40),
    ]
    sheet.freeze_panes(1, 0)
    for place, (heading, width) in enumerate(headings):
        sheet.set_column(place, place, width)
        sheet.write_string(0, place, heading, bold)
    for row, column in enumerate(columns, 1):
        length = "" if column.length is None else str(column.length)
        codes = ", ".join(column.codes)[:_SIGNS]
        said = (label(column.kind), length, column.unit, column.description, codes)
        for place, text in enumerate((column.name, column.title_en, *said)):
            sheet.write_string(row, place, text)


def _source(sheet: Worksheet, bold: Format, found: Found, count: int) -> None:
    page = tk.h.url_for("dataset.read", id=found.entry.name, qualified=True)
    provider = tk.h.get_organization(found.entry.owner_org) if found.entry.owner_org else None
    rows = [
        (tk._("Table"), found.title),
        (tk._("Catalog"), str(found.entry.title)),
        (tk._("Provider"), str(provider["display_name"]) if provider else ""),
        (tk._("Rows"), str(count)),
        (tk._("Version of"), found.moment),
        (tk._("Version"), found.version.hash),
        (tk._("Address of this version"), addresses.file(found, "csv", fixed=True)),
        (tk._("Catalog and terms of use"), page),
    ]
    sheet.set_column(0, 0, 24)
    sheet.set_column(1, 1, 90)
    for row, (told, value) in enumerate(rows):
        sheet.write_string(row, 0, told, bold)
        sheet.write_string(row, 1, value)
