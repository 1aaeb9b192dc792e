"""Books that the tests make: rows of the official form, changed at will, in any format."""

from collections.abc import Callable, Sequence
from copy import deepcopy
from datetime import date
from pathlib import Path
from typing import Any

from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from ckanext.sdopen.standard import profiles
from ckanext.sdopen.workbook.checking.check_book import examine
from ckanext.sdopen.workbook.checking.checked_book import Examined
from ckanext.sdopen.workbook.columns import Column, form
from ckanext.sdopen.workbook.form.cell_texts import rows_of
from ckanext.sdopen.workbook.form.draw import HEADER_ROWS, draw_header
from ckanext.sdopen.workbook.form.example import EXAMPLE, EXAMPLE_PROVIDER
from ckanext.sdopen.workbook.reading.book_file import open_book

FORM = form().official()
TODAY = date(2026, 11, 26)
Rows = list[dict[str, Any]]
# the first row under the official header, from 0
FIRST = HEADER_ROWS


def catalog(number: int = 1, **changes: Any) -> dict[str, Any]:
    """A sound entry; number 1 is the form's example, others bear a code and title of their own."""
    entry = deepcopy(dict(EXAMPLE))
    if number > 1:
        names = "甲乙丙丁戊己庚辛壬癸"
        entry["resource_code"] = f"307001/{number:06d}"
        entry["title"] = f"{names[number % 10]}{names[number // 10 % 10]}类药店名录"
    entry.update(changes)
    return {name: value for name, value in entry.items() if value is not None}


def rows(*entries: dict[str, Any], columns: Sequence[Column] = FORM) -> Rows:
    """The rows of entries in the official form, cells by the column's name."""
    result: Rows = []
    for number, entry in enumerate(entries, start=1):
        written = rows_of(entry, columns, entry.get("owner_org", EXAMPLE_PROVIDER), number)
        result += [{columns[p].name: text for p, text in row.items()} for row in written]
    return result


def fill(
    sheet: Worksheet, table: Rows, columns: Sequence[Column] = FORM, first: int = FIRST
) -> None:
    """Write rows under a header; texts as texts, numbers and days as a spreadsheet keeps them."""
    for number, cells in enumerate(table, start=first):
        for place, column in enumerate(columns):
            value = cells.get(column.name, "")
            if isinstance(value, str):
                if value:
                    sheet.write_string(number, place, value)
            else:
                sheet.write(number, place, value)


def write(
    path: Path,
    table: Rows,
    columns: Sequence[Column] = FORM,
    then: Callable[[Workbook, Worksheet], None] | None = None,
    **options: Any,
) -> Path:
    """A book with the official header; `then` may change it before it is closed."""
    with Workbook(str(path), options) as book:
        sheet = book.add_worksheet("目录")
        draw_header(book, sheet, columns)
        fill(sheet, table, columns)
        if then:
            then(book, sheet)
    return path


def place_of(name: str, columns: Sequence[Column] = FORM) -> int:
    """The position of a column."""
    return [column.name for column in columns].index(name)


def examined(path: Path, profile: str = "regulation_2025") -> tuple[Examined, list[dict[str, Any]]]:
    """The result of the check, and the entries that were read."""
    read: list[dict[str, Any]] = []
    result = examine(
        open_book(path), profiles.profile(profile), TODAY, lambda _, entry: read.append(entry)
    )
    return result, read


def codes_and_cells(result: Examined) -> list[tuple[str, str]]:
    """(code, cell) of every finding."""
    return [(told.finding.code, result.place(told).split("!")[1]) for told in result.findings]


def codes_of(result: Examined) -> list[str]:
    """The codes of the findings, each once."""
    return sorted({told.finding.code for told in result.findings})
