"""CSV as departments save it."""

import csv
import io
from collections.abc import Iterator
from typing import Any

from ckanext.sdopen.sheets import charsets
from ckanext.sdopen.workbook.messages import BookError

_SEPARATORS = ",\t;"
_LONGEST_FIELD = 1 << 20


def decoded(data: bytes) -> str:
    """The text of a file; BookError where its characters cannot be told."""
    try:
        return charsets.decoded(data)
    except charsets.Undecodable:
        raise BookError("book_encoding") from None


def _separator(text: str) -> str:
    """The separator that the first lines hold most of."""
    head = text[:20_000]
    return max(_SEPARATORS, key=head.count)


def rows(text: str) -> Iterator[tuple[int, list[Any]]]:
    """(number from 0, cells) of each row; BookError names a row that is no CSV."""
    csv.field_size_limit(_LONGEST_FIELD)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_separator(text), strict=True)
    number = -1
    try:
        for number, row in enumerate(reader):
            yield number, row
    except csv.Error as error:
        raise BookError("book_csv", row=number + 2, detail=error) from None
