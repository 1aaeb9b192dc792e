"""What happens to a whole entry before CKAN validates its fields: the edge to its flat data."""

from collections.abc import Callable
from typing import Any

import ckan.plugins.toolkit as tk
from ckan.types import Context, FlattenDataDict, FlattenErrorDict, FlattenKey
from ckanext.scheming.validation import scheming_validator

from ckanext.sdopen import notices
from ckanext.sdopen.entries import steps
from ckanext.sdopen.entries.steps.answers import AtOnce
from ckanext.sdopen.entries.steps.arrival import EMPTY, Arrival
from ckanext.sdopen.entries.steps.cleaning import APART, cleaned
from ckanext.sdopen.language import SchemaField, language
from ckanext.sdopen.standard.confidential import CODES as CONFIDENTIAL_CODES
from ckanext.sdopen.standard.elements import KIND_OF_TYPE
from ckanext.sdopen.standard.findings import Finding, sentence

__all__ = ["sdopen_drop_blank_rows", "sdopen_prepare_entry"]


def _report(errors: FlattenErrorDict, finding: Finding, kind: str) -> None:
    """Add a finding to its element; one of a table with wrong cells goes to the first of them."""
    text = sentence(finding, language(), kind)
    key: FlattenKey = finding.path
    if finding.item is None:
        cells = (other for other in errors if other[0] == finding.field and len(other) > 1)
        key = next(cells, key)
    errors.setdefault(key, []).append(text)


def _is_cell(key: FlattenKey) -> bool:
    """Whether a key is that of a cell of an element that is a table."""
    return len(key) == 3 and key[0] not in APART


def _values(data: FlattenDataDict) -> dict[str, Any]:
    """The entry's own values by element; tables are lists of rows, blank ones too."""
    values: dict[str, Any] = {}
    rows: dict[str, dict[int, dict[str, Any]]] = {}
    for key, value in data.items():
        if value is tk.missing:
            continue
        if len(key) == 1:
            values[key[0]] = value
        elif _is_cell(key) and value not in EMPTY:
            rows.setdefault(key[0], {}).setdefault(key[1], {})[key[2]] = value
    for table, numbered in rows.items():
        values[table] = [numbered.get(number, {}) for number in range(max(numbered) + 1)]
    return values


def _write_back(data: FlattenDataDict, arrival: Arrival) -> None:
    """Write what the steps have made of an entry back into CKAN's data."""
    tables = {key[0] for key in data if _is_cell(key)}
    for key, value in data.items():
        if len(key) > 1:
            # of tables, of resources and tags, of free elements
            data[key] = cleaned(value)
        elif key[0] not in arrival.values:
            data[key] = tk.missing
    for name, value in arrival.values.items():
        if name not in tables:
            data[(name,)] = value
    data[("id",)] = arrival.entry_id or tk.missing
    data[("name",)] = arrival.name or tk.missing
    data[("private",)] = arrival.private


@scheming_validator
def sdopen_prepare_entry(_field: None, schema: SchemaField) -> Callable[..., None]:
    """Clean, complete, identify and check an entry; derive its id, name and `private`."""
    fields: list[SchemaField] = schema["dataset_fields"]
    kind = KIND_OF_TYPE[schema["dataset_type"]]

    def validator(
        key: FlattenKey, data: FlattenDataDict, errors: FlattenErrorDict, context: Context
    ) -> None:
        arrival = steps.take(Arrival(kind, _values(data), context.get("package")), AtOnce())
        _write_back(data, arrival)
        for name, sentences in arrival.refusals.items():
            errors.setdefault((name,), []).extend(sentences)
        for finding in arrival.errors:
            _report(errors, finding, kind)
        context["sdopen_confidential"] = any(f.code in CONFIDENTIAL_CODES for f in arrival.findings)
        notices.collect(arrival.findings)
        _forget_empty(data, fields)

    return validator


def _forget_empty(data: FlattenDataDict, fields: list[SchemaField]) -> None:
    """Fields of ours that are empty are not stored at all."""
    ours = {field["field_name"] for field in fields} - {"title", "name", "notes", "owner_org"}
    for data_key, value in data.items():
        if value == "" and data_key[0] in ours:
            data[data_key] = tk.missing


@scheming_validator
def sdopen_drop_blank_rows(_field: None, schema: SchemaField) -> Callable[..., None]:
    """Drop the rows of tables that hold nothing, and number the others anew."""
    tables = [f["field_name"] for f in schema["dataset_fields"] if "repeating_subfields" in f]

    def validator(
        key: FlattenKey, data: FlattenDataDict, errors: FlattenErrorDict, context: Context
    ) -> None:
        for table in tables:
            _renumber(table, data)

    return validator


def _renumber(table: str, data: FlattenDataDict) -> None:
    cells = {k: data.pop(k) for k in [k for k in data if k[0] == table and len(k) == 3]}
    filled = {k[1] for k, v in cells.items() if v is not tk.missing and v not in (None, "")}
    places = {number: place for place, number in enumerate(sorted(filled))}
    for (_, number, name), value in cells.items():
        if number in places:
            data[(table, places[number], name)] = value
