"""Cells by row and column, counted from 0, and as a spreadsheet names them."""

import re
from functools import lru_cache

_CELL = re.compile(r"([A-Z]{1,3})([1-9]\d{0,6})")


@lru_cache(maxsize=1024)
def letters(column: int) -> str:
    """The letters of a column: 0 → A, 26 → AA."""
    name = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(65 + rest) + name
    return name


def address(row: int, column: int) -> str:
    """The name of a cell: 0, 0 → A1."""
    return f"{letters(column)}{row + 1}"


@lru_cache(maxsize=1024)
def column_of(name: str) -> int:
    """The column of its letters: A → 0."""
    number = 0
    for letter in name:
        number = number * 26 + ord(letter) - 64
    return number - 1


def parsed(name: str) -> tuple[int, int] | None:
    """(row, column) of a cell's name, None where it is none."""
    found = _CELL.fullmatch(name)
    return (int(found[2]) - 1, column_of(found[1])) if found else None
