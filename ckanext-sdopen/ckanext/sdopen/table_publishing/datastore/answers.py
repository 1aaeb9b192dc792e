"""Rows of the reader as CKAN's DataStore gives them: objects, lists, CSV or TSV."""

import csv
import io
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from ckanext.sdopen.tables.columns import Column, Kind
from ckanext.sdopen.tables.versions import Version

# the names that PostgreSQL's back end gives its types
TYPES: Mapping[Kind, str] = {
    Kind.TEXT: "text",
    Kind.INTEGER: "int8",
    Kind.NUMBER: "numeric",
    Kind.DATE: "date",
    Kind.DATETIME: "timestamp",
    Kind.BOOLEAN: "bool",
}
_Row = Sequence[Any]


def field(column: Column) -> dict[str, Any]:
    """A column as `fields` of the DataStore describe it; `info` is its data dictionary."""
    said = {"label": column.name, "label_en": column.title_en, "notes": column.description}
    told = {**said, "unit": column.unit, "length": column.length, "scale": column.scale}
    info = {name: value for name, value in told.items() if value not in ("", None)}
    return {"id": column.name, "type": TYPES[column.kind], "info": info}


def _objects(names: Sequence[str], rows: Sequence[_Row]) -> Any:
    return [dict(zip(names, row, strict=True)) for row in rows]


def _lists(names: Sequence[str], rows: Sequence[_Row]) -> Any:
    return [list(row) for row in rows]


def _separated(delimiter: str) -> Callable[[Sequence[str], Sequence[_Row]], str]:
    def written(names: Sequence[str], rows: Sequence[_Row]) -> str:
        out = io.StringIO()
        csv.writer(out, delimiter=delimiter, lineterminator="\n").writerows(rows)
        return out.getvalue()

    return written


RECORDS: Mapping[str, Callable[[Sequence[str], Sequence[_Row]], Any]] = {
    "objects": _objects,
    "lists": _lists,
    "csv": _separated(","),
    "tsv": _separated("\t"),
}


def schema(column: Column) -> dict[str, Any]:
    """What `datastore_info` says of how a column is kept."""
    said = {"native_type": column.sql_type.lower(), "notnull": not column.nullable}
    return {**said, "index_name": None, "is_index": False, "uniquekey": column.key}


def meta(version: Version) -> dict[str, Any]:
    """What `datastore_info` says of a table as a whole; sizes in bytes."""
    kept = {"size": version.bytes, "db_size": version.bytes, "idx_size": 0}
    named = {"id": version.table, "hash": version.hash, "aliases": []}
    return {**named, "count": version.rows, "table_type": "BASE TABLE", **kept}
