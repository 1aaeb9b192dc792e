"""The making of one file: rows of the reader, written in its form."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import chain, islice
from typing import Any

import orjson

from ckanext.sdopen.table_publishing import reading
from ckanext.sdopen.table_publishing.giving import sheets_of_rows
from ckanext.sdopen.table_publishing.giving.forms import FORMS
from ckanext.sdopen.table_publishing.made import coordinates, documents
from ckanext.sdopen.table_publishing.made.kept_files import Place
from ckanext.sdopen.table_publishing.made.order import CSV, GEOJSON, XLSX, XML, Order
from ckanext.sdopen.tables import reader_client

# rows between two words on how far it is
_STEP = 2_000
# is told how many rows are written; it raises to end the making
Told = Callable[[int], None]
_Row = Mapping[str, Any]


def untold(rows: int) -> None:
    """Nobody asks how far it is."""


def write(order: Order, place: Place, told: Told = untold) -> None:
    """Write a file at its place.

    Raises:
        ValidationError: its table has no coordinates.
        TooLarge: it takes too many bytes.
        NoRoom: the disk has less room than must stay.
        QueryError: the reader refuses the question.
        TableReaderAway: it does not answer, or ends before the rows do.
    """
    if order.form == CSV:
        _csv(order, place, told)
        return
    points = coordinates.require(order.found.version.columns) if order.form == GEOJSON else None
    columns = [column.name for column in order.question.columns]
    question = dict(order.question.rows)
    if points:
        question["fields"] = list(dict.fromkeys((*columns, *points)))
    version = reading.readable(order.found.version)
    with reader_client.export(version, question, "jsonl", safe=False) as blocks:
        lines = _lines(_watched(blocks, place, order.form == XLSX))
        rows = _told_of((orjson.loads(line) for line in lines), told)
        if order.form == XLSX:
            _workbook(order, place, rows)
            return
        with place.path.open("wb") as file:
            if order.form == XML:
                file.writelines(documents.xml(rows, columns))
            elif points:
                file.writelines(documents.geojson(rows, columns, points))


def _watched(blocks: Iterable[bytes], place: Place, is_copied: bool) -> Iterator[bytes]:
    """Blocks of the reader, each only while there is room for what is written of it."""
    for block in blocks:
        place.require(is_copied=is_copied)
        yield block


def _csv(order: Order, place: Place, told: Told) -> None:
    version, question = reading.readable(order.found.version), order.question.rows
    with (
        reader_client.export(version, question, CSV, safe=True) as blocks,
        place.path.open("wb") as file,
    ):
        lines = 0
        for block in FORMS[CSV].made(_watched(blocks, place, is_copied=False)):
            file.write(block)
            # cells may hold line breaks: it is only said how far it is
            lines += block.count(b"\n")
            told(lines)


def _workbook(order: Order, place: Place, rows: Iterator[_Row]) -> None:
    first = list(islice(rows, sheets_of_rows.LOOKED_AT))
    whole: Iterable[_Row] = chain(first, rows)
    sheets_of_rows.write(place.path, order.found, order.question.columns, first, whole, order.rows)


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
