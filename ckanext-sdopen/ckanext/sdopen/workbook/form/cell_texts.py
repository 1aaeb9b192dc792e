"""From an entry to the cells of the form: codes as their labels, everything as text."""

import json
from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

from ckanext.sdopen import codes
from ckanext.sdopen.standard.classes import NONE
from ckanext.sdopen.standard.values import SEPARATORS, listed
from ckanext.sdopen.workbook.columns import ITEMS, Column

# what a cell of a spreadsheet can hold
LONGEST = 32_767
Entry = Mapping[str, Any]


def _words(values: Sequence[str]) -> str:
    if any(SEPARATORS.search(word) or word.startswith("[") for word in values):
        return json.dumps(list(values), ensure_ascii=False)
    return "、".join(values)


def _number(value: Any) -> str:
    try:
        return format(Decimal(str(value)), "f")
    except InvalidOperation:
        return str(value)


def _value(column: Column, value: Any) -> str:
    element = column.standard_element()
    kind = element.kind if element else "text"
    if value is None or value == "" or value == []:
        return ""
    if kind == "boolean":
        return codes.load("yes_no").label(str(value).lower())
    if kind == "code" and element:
        return codes.load(element.codes).label(str(value))
    if kind == "codes" and element:
        return "、".join(codes.load(element.codes).label(one) for one in listed(value) or [])
    if kind == "words":
        return _words(listed(value) or [])
    return _number(value) if kind in ("count", "quantity") else str(value)


def catalog_cell(column: Column, entry: Entry, provider: str) -> str:
    """The cell of a column of the catalog."""
    if column.name == "provider":
        return provider
    if column.name == "is_open":
        opening = entry.get("opening")
        return "" if not opening else ("否" if opening == NONE else "是")
    if column.name == "tags":
        names = [tag["name"] for tag in entry.get("tags") or ()]
        return _words(names) if names else str(entry.get("tag_string") or "")
    return _value(column, entry.get(column.element))


def rows_of(
    entry: Entry, columns: Sequence[Column], provider: str, number: int
) -> list[dict[int, str]]:
    """The rows of an entry as {position: text}, one an item; the first bears the catalog's cells.

    Raises:
        ValueError: a text is longer than a cell can hold.
    """
    first: dict[int, str] = {}
    rows = [first]
    for position, column in enumerate(columns):
        if column.name == "sequence":
            first[position] = str(number)
        elif not column.of_items and (text := catalog_cell(column, entry, provider)):
            first[position] = text
    places = [(position, column) for position, column in enumerate(columns) if column.of_items]
    for item_number, item in enumerate(entry.get(ITEMS) or ()):
        row = first if item_number == 0 else {}
        for position, column in places:
            text = _value(column, item.get(column.element))
            if text:
                row[position] = text
        if item_number:
            rows.append(row)
    if any(len(text) > LONGEST for row in rows for text in row.values()):
        raise ValueError("a text is longer than a cell can hold")
    return rows
