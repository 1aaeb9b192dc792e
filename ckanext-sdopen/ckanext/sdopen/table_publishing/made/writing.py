"""The making of one file: rows of the reader, written in its form."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import chain, islice
from typing import IO, Any

import ckan.plugins.toolkit as tk
import orjson

from ckanext.sdopen.table_publishing import reading
from ckanext.sdopen.table_publishing.giving import sheets_of_rows
from ckanext.sdopen.table_publishing.giving.forms import FORMS
from ckanext.sdopen.table_publishing.made import coordinates, documents
from ckanext.sdopen.table_publishing.made.order import CSV, GEOJSON, XLSX, XML, Order
from ckanext.sdopen.tables import reader_client

# rows between two words on how far it is
_STEP = 2_000
# is told how many rows are written; it raises to end the making
Told = Callable[[int], None]
_Row = Mapping[str, Any]


def untold(rows: int) -> None:
    """Nobody asks how far it is."""


def write(order: Order, file: IO[bytes], told: Told = untold) -> None:
    """Write a file.

    Raises:
        ValidationError: its table has no coordinates.
        QueryError: the reader refuses the question.
        TableReaderAway: it does not answer, or ends before the rows do.
    """
    if order.form == CSV:
        _csv(order, file, told)
        return
    place = _place(order) if order.form == GEOJSON else None
    columns = [column.name for column in order.question.columns]
    question = dict(order.question.rows)
    if place:
        question["fields"] = list(dict.fromkeys((*columns, *place)))
    version = reading.readable(order.found.version)
    with reader_client.export(version, question, "jsonl", safe=False) as blocks:
        rows = _told_of((orjson.loads(line) for line in _lines(blocks)), told)
        if order.form == XLSX:
            _workbook(order, file, rows)
        elif order.form == XML:
            file.writelines(documents.xml(rows, columns))
        elif place:
            file.writelines(documents.geojson(rows, columns, place))


def _csv(order: Order, file: IO[bytes], told: Told) -> None:
    version = reading.readable(order.found.version)
    with reader_client.export(version, order.question.rows, CSV, safe=True) as blocks:
        lines = 0
        for block in FORMS[CSV].made(blocks):
            file.write(block)
            # cells may hold line breaks: it is only said how far it is
            lines += block.count(b"\n")
            told(lines)


def _place(order: Order) -> tuple[str, str]:
    found = coordinates.pair(order.found.version.columns)
    if found is None:
        message = tk._("The table has no columns of longitude and latitude (经度, 纬度)")
        raise tk.ValidationError({GEOJSON: [message]})
    return found


def _workbook(order: Order, file: IO[bytes], rows: Iterator[_Row]) -> None:
    first = list(islice(rows, sheets_of_rows.LOOKED_AT))
    whole: Iterable[_Row] = chain(first, rows)
    sheets_of_rows.write(file, order.found, order.question.columns, first, whole, order.rows)


def _told_of(rows: Iterable[_Row], told: Told) -> Iterator[_Row]:
    for number, row in enumerate(rows):
        if number % _STEP == 0:
            told(number)
        yield row


def _lines(blocks: Iterable[bytes]) -> Iterator[bytes]:
    rest = b""
    for block in blocks:
        *lines, rest = (rest + block).split(b"\n")
        yield from lines
    if rest:
        yield rest
