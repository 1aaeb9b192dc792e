"""Readers of JSON, CSV and XLSX files: one header, then rows as {column: value}."""

import csv
import io
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import python_calamine

from ckanext.sdopen.harvest.messages import HarvestError
from ckanext.sdopen.harvest.reading.source import Source
from ckanext.sdopen.sheets.charsets import Undecodable, decoded


@dataclass(frozen=True)
class Row:
    """One row: its number as a spreadsheet counts (the header is 1) and its cells by column."""

    number: int
    cells: dict[str, Any]


@dataclass(frozen=True)
class SourceTable:
    """The columns of a file in their order, and its rows."""

    columns: tuple[str, ...]
    rows: tuple[Row, ...]


def _decoded(data: bytes, source: Source) -> str:
    try:
        return decoded(data)
    except Undecodable:
        raise HarvestError("file_encoding", path=source.path) from None


def _blank(value: Any) -> bool:
    return value is None or (isinstance(value, str) and not value.strip())


def _tabled(cells: Iterator[list[Any]], source: Source) -> SourceTable:
    """A header row and the rows under it; blank rows are left out, cells keep their types."""
    header: tuple[str, ...] = ()
    rows: list[Row] = []
    for number, line in enumerate(cells, start=1):
        if all(_blank(cell) for cell in line):
            continue
        if not header:
            header = tuple(str(cell).strip() for cell in line)
            twice = {name for name in header if name and header.count(name) > 1}
            if twice:
                raise HarvestError(
                    "column_twice", path=source.path, columns="、".join(sorted(twice))
                )
            continue
        if len(line) > len(header) and not all(_blank(cell) for cell in line[len(header) :]):
            raise HarvestError("row_too_long", path=source.path, row=number)
        rows.append(Row(number, dict(zip(header, line, strict=False))))
    return SourceTable(tuple(name for name in header if name), tuple(rows))


def _json(data: bytes, source: Source) -> SourceTable:
    try:
        content = json.loads(_decoded(data, source))
    except (ValueError, RecursionError) as error:
        raise HarvestError("file_not_json", path=source.path, detail=str(error)) from None
    for step in filter(None, source.input.records.split(".")):
        content = content.get(step) if isinstance(content, dict) else None
    if not isinstance(content, list) or not content:
        raise HarvestError("file_no_rows", path=source.path)
    if all(isinstance(line, list) for line in content):
        return _tabled(iter(content), source)
    if all(isinstance(record, dict) for record in content):
        columns = dict.fromkeys(str(name) for record in content for name in record)
        rows = tuple(Row(number, record) for number, record in enumerate(content, start=1))
        return SourceTable(tuple(columns), rows)
    raise HarvestError("file_mixed_rows", path=source.path)


def _csv(data: bytes, source: Source) -> SourceTable:
    text = _decoded(data, source)
    if "\0" in text:
        raise HarvestError("file_encoding", path=source.path)
    try:
        return _tabled(iter(csv.reader(io.StringIO(text, newline=""), strict=True)), source)
    except csv.Error as error:
        raise HarvestError("file_not_csv", path=source.path, detail=str(error)) from None


def _xlsx(data: bytes, source: Source) -> SourceTable:
    try:
        book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
    except python_calamine.CalamineError as error:
        raise HarvestError("file_not_xlsx", path=source.path, detail=str(error)) from None
    name = source.input.sheet or book.sheet_names[0]
    if name not in book.sheet_names:
        sheets = "、".join(book.sheet_names)
        raise HarvestError("sheet_missing", path=source.path, sheet=name, sheets=sheets)
    lines = book.get_sheet_by_name(name).to_python(skip_empty_area=False)
    return _tabled(iter(lines), source)


_READERS: dict[str, Callable[[bytes, Source], SourceTable]] = {
    "json": _json,
    "csv": _csv,
    "xlsx": _xlsx,
}


def _bytes(source: Source) -> bytes:
    try:
        if source.path.stat().st_size > source.limits.bytes:
            raise HarvestError("file_too_large", path=source.path, limit=source.limits.bytes)
        return source.path.read_bytes()
    except OSError as error:
        raise HarvestError("file_unreadable", path=source.path, detail=error.strerror) from None


def read(source: Source) -> SourceTable:
    """Read the source's file.

    Raises:
        HarvestError: the file is absent, too large, of another format, or its rows do not fit.
    """
    ending = source.input.format or source.path.suffix.lstrip(".").lower()
    reader = _READERS.get(ending)
    if reader is None:
        formats = "、".join(_READERS)
        raise HarvestError("file_format", path=source.path, format=ending, formats=formats)
    table = reader(_bytes(source), source)
    if not table.rows:
        raise HarvestError("file_no_rows", path=source.path)
    if len(table.rows) > source.limits.records:
        limit = source.limits.records
        raise HarvestError("too_many_rows", path=source.path, rows=len(table.rows), limit=limit)
    return table
