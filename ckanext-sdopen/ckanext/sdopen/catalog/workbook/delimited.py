"""CSV in UTF-8, with or without BOM, or in GB18030."""

import csv
import io
from collections.abc import Iterator
from typing import Any

from ckanext.sdopen.catalog.workbook.messages import BookError

_ENCODINGS = ("utf-8-sig", "gb18030")
_SEPARATORS = ",\t;"
_LONGEST_FIELD = 1 << 20


def decoded(data: bytes) -> str:
    """The text of a file; BookError where it is in neither encoding, or holds NUL."""
    if b"\0" in data:
        raise BookError("book_encoding")
    for encoding in _ENCODINGS:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise BookError("book_encoding")


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
