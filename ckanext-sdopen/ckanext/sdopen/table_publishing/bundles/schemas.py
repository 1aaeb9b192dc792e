"""What the columns of a table are, as programs read it: Table Schema and CSV on the Web."""

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote

from ckanext.sdopen.tables.columns import Column, Kind

_FIELDS: Mapping[Kind, Mapping[str, str]] = {
    Kind.TEXT: {"type": "string"},
    Kind.INTEGER: {"type": "integer"},
    Kind.NUMBER: {"type": "number"},
    Kind.DATE: {"type": "date"},
    Kind.DATETIME: {"type": "datetime", "format": "any"},
    Kind.BOOLEAN: {"type": "boolean"},
}
_DATATYPES: Mapping[Kind, Any] = {
    Kind.TEXT: "string",
    Kind.INTEGER: "integer",
    Kind.NUMBER: "decimal",
    Kind.DATE: "date",
    Kind.DATETIME: {"base": "dateTime", "format": "yyyy-MM-dd HH:mm:ss"},
    Kind.BOOLEAN: "boolean",
}


def table_schema(columns: Sequence[Column]) -> dict[str, Any]:
    """The columns as a Table Schema (specs.frictionlessdata.io)."""
    key = [column.name for column in columns if column.key]
    fields = [_field(column) for column in columns]
    return {"fields": fields, "missingValues": [""], **({"primaryKey": key} if key else {})}


def _field(column: Column) -> dict[str, Any]:
    told = {"title": column.title_en, "description": column.description, "unit": column.unit}
    bounds: dict[str, Any] = {}
    if not column.nullable:
        bounds["required"] = True
    if column.codes:
        bounds["enum"] = list(column.codes)
    kept = {name: value for name, value in told.items() if value}
    return {
        "name": column.name,
        **_FIELDS[column.kind],
        **kept,
        **({"constraints": bounds} if bounds else {}),
    }


def csv_on_the_web(file: str, title: str, columns: Sequence[Column]) -> dict[str, Any]:
    """The columns of a CSV as W3C's metadata for tabular data; `file` lies beside it."""
    key = [_variable(column.name) for column in columns if column.key]
    schema = {"columns": [_described(column) for column in columns]}
    return {
        "@context": ["http://www.w3.org/ns/csvw", {"@language": "zh"}],
        "url": quote(file),
        "dc:title": title,
        "tableSchema": {**schema, **({"primaryKey": key} if key else {})},
    }


def _variable(name: str) -> str:
    """A name as CSV on the Web takes it: a variable of an address template."""
    return quote(name, safe="")


def _described(column: Column) -> dict[str, Any]:
    told = {
        "name": _variable(column.name),
        "titles": [column.name, *filter(None, [column.title_en])],
        "datatype": _DATATYPES[column.kind],
        "required": not column.nullable,
    }
    return {**told, **({"dc:description": column.description} if column.description else {})}
