"""The rows of a catalog as values of Python: for files and previews."""

import datetime
from collections.abc import Iterator
from decimal import Decimal

import duckdb

from ckanext.sdopen.sample.records import Entry
from ckanext.sdopen.sample.tables.generating import select
from ckanext.sdopen.sample.tables.generating.outline import Outline

Value = str | float | int
_AT_ONCE = 2_000


def _plain(value: object) -> Value:
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, (datetime.date, datetime.datetime)):
        return str(value)
    assert isinstance(value, (str, int)), value  # noqa: S101 the types that `select` gives
    return value


def rows_of(entry: Entry, count: int) -> Iterator[tuple[Value, ...]]:
    """All rows of an entry that has so many, in the order of its key, without `_id`."""
    found = duckdb.connect(config={"threads": 1}).execute(select.rows(Outline.of(entry, count)))
    while some := found.fetchmany(_AT_ONCE):
        yield from (tuple(map(_plain, row[1:])) for row in some)
