"""The schema of a record type, compiled: what the columns and extras of a sound record are.

CKAN validates with navl, 13 of the 17 ms that an entry takes; here the same validators' effects
on sound values are compiled once. A schema with a validator that is not known here is not
compiled: records of its type go by the actions (`knows`).
"""

import hashlib
import inspect
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from importlib.metadata import version
from typing import Any

import ckan.plugins.toolkit as tk
from ckan.types import Context

from ckanext.sdopen import codes
from ckanext.sdopen.ckan_seams import scheming
from ckanext.sdopen.standard.stored_values import to_stored

Step = Callable[[Any], Any]
Row = Mapping[str, Any]

# columns of a package that a client may set and no schema of ours declares
_PLAIN_COLUMNS = ("author", "author_email", "maintainer", "maintainer_email", "license_id", "url")
_COLUMNS = (*_PLAIN_COLUMNS, "title", "notes", "version")
# made from the whole record, not by themselves
WHOLE_RECORD_FIELDS = ("id", "name", "owner_org", "tag_string", "type", "state", "private")
# CKAN's validators of one value that say what is wrong and keep it as it is
_JUDGES = ("email_validator", "package_version_validator")
# looked up for a whole batch; here the value is the id already
_LOOKED_UP = ("sdopen_served_catalog",)
_OF_OURS = "sdopen_"
_OUR_KINDS = ("codes", "words", "count", "quantity", "date", "boolean", "provider_code")


# what `files` does to the elements of a resource; others are kept as they come
_OF_RESOURCES = {
    "url": "ignore_missing unicode_safe remove_whitespace",
    "format": "if_empty_guess_format ignore_missing clean_format unicode_safe",
    "record_count": "ignore_missing sdopen_count",
    "original_filename": "ignore_missing unicode_safe",
    "source_key": "ignore_missing unicode_safe",
}


class UnknownValidator(Exception):
    """A schema names a validator whose effect is not compiled here."""


def _text(value: Any) -> Any:
    return value if type(value) is str else tk.get_validator("unicode_safe")(value)


# the steps of most fields: a text stays as it is
TEXT: tuple[Step, ...] = (_text,)


def _judged(name: str, value: Any) -> Any:
    validator = tk.get_validator(name)
    if len(inspect.signature(validator).parameters) > 1:
        return validator(value, Context())
    return validator(value)


def _step(name: str, field: Row) -> Step | None:
    """The effect of a validator on a value that is there and sound; None where it has none."""
    if name in ("ignore_missing", "not_empty", "sdopen_row_needs", *_LOOKED_UP):
        return None
    if name == "unicode_safe":
        return _text
    if name == "strip_value":
        return lambda value: value.strip() if isinstance(value, str) else value
    if name in _JUDGES:
        return partial(_judged, name)
    kind = name.removeprefix(_OF_OURS)
    if name in ("sdopen_code", "sdopen_digits"):
        return None
    if name.startswith(_OF_OURS) and kind in _OUR_KINDS:
        return to_stored(kind, str(field.get("codes") or ""))
    raise UnknownValidator(f"{field['field_name']}: {name}")


def _steps(field: Row) -> tuple[Step, ...]:
    found = (_step(name, field) for name in str(field.get("validators") or "").split())
    steps = tuple(step for step in found if step is not None)
    return TEXT if steps == TEXT else steps


def _stored_value(steps: tuple[Step, ...], value: Any) -> Any:
    for step in steps:
        value = step(value)
        if value is None:
            return None
    return value


@dataclass(frozen=True)
class Shape:
    """The compiled schema of a package type.

    `columns` and `extras` give the steps of each field, `tables` those of each cell of a table;
    `version` changes with the schema, its code lists and our release.
    """

    package_type: str
    version: str
    columns: Mapping[str, tuple[Step, ...]]
    extras: Mapping[str, tuple[Step, ...]]
    tables: Mapping[str, Mapping[str, tuple[Step, ...]]]

    @property
    def fields(self) -> tuple[str, ...]:
        """The names of all fields whose absence is told by `missing`."""
        return (*self.columns, *self.extras, *self.tables)

    def stored(
        self, record: Mapping[str, Any], errors: dict[str, list[str]]
    ) -> tuple[dict[str, Any], dict[str, str]]:
        """(columns, extras) of a record without its empty values; wrong ones go into `errors`.

        A table is the JSON text that scheming stores: ASCII, the keys of each row in order.
        """
        columns = self._values(self.columns, record, errors)
        extras = self._values(self.extras, record, errors)
        for name, parts in self.tables.items():
            rows = [self._cells(parts, row) for row in record.get(name) or ()]
            rows = [row for row in rows if row]
            if rows:
                extras[name] = json.dumps(rows)
        return columns, extras

    def _values(
        self,
        fields: Mapping[str, tuple[Step, ...]],
        record: Mapping[str, Any],
        errors: dict[str, list[str]],
    ) -> dict[str, Any]:
        kept = {}
        for name, steps in fields.items():
            value = record.get(name)
            if value is None:
                continue
            if steps is TEXT and type(value) is str:
                kept[name] = value
                continue
            try:
                value = _stored_value(steps, value)
            except tk.Invalid as error:
                errors.setdefault(name, []).append(error.error)
                continue
            if value is not None:
                kept[name] = value
        return kept

    def _cells(self, parts: Mapping[str, tuple[Step, ...]], row: Mapping[str, Any]) -> dict:
        found = {}
        for name in sorted(row):
            steps, value = parts.get(name), row[name]
            if steps is None or value is None or value == "":
                continue
            if steps is not TEXT or type(value) is not str:
                value = _stored_value(steps, value)
            if value is not None:
                found[name] = value
        return found


def _refuse_unknown(resource_fields: Iterable[Row]) -> None:
    for field in resource_fields:
        name, validators = field["field_name"], str(field.get("validators") or "")
        if validators != _OF_RESOURCES.get(name, "") or "repeating_subfields" in field:
            raise UnknownValidator(f"{name} of a resource: {validators}")


def _compiled(schema: Row) -> Shape:
    _refuse_unknown(schema["resource_fields"])
    columns: dict[str, tuple[Step, ...]] = dict.fromkeys(_PLAIN_COLUMNS, TEXT)
    for name in ("author_email", "maintainer_email"):
        columns[name] = (_text, str.strip, partial(_judged, "email_validator"))
    columns["version"] = (_text, partial(_judged, "package_version_validator"))
    extras: dict[str, tuple[Step, ...]] = {}
    tables = {}
    for field in schema["dataset_fields"]:
        name = field["field_name"]
        if name in WHOLE_RECORD_FIELDS:
            continue
        if "repeating_subfields" in field:
            parts = field["repeating_subfields"]
            tables[name] = {part["field_name"]: _steps(part) for part in parts}
        elif name in _COLUMNS:
            columns[name] = _steps(field)
        else:
            extras[name] = _steps(field)
    return Shape(str(schema["dataset_type"]), _version(schema), columns, extras, tables)


def _version(schema: Row) -> str:
    """A hash of a schema, of the values of its code lists, and of our release."""
    fields = [
        part
        for field in schema["dataset_fields"]
        for part in (field, *field.get("repeating_subfields", ()))
    ]
    lists = {str(field["codes"]) for field in fields if field.get("codes")}
    listed = {name: [code.value for code in codes.load(name)] for name in sorted(lists)}
    described = json.dumps([schema, listed, version("ckanext-sdopen")], sort_keys=True, default=str)
    return hashlib.sha256(described.encode()).hexdigest()


# {type: the schema as ckanext-scheming holds it, and its shape}
_COMPILED: dict[str, tuple[Row, Shape]] = {}


def shape(package_type: str) -> Shape:
    """The compiled schema of a package type.

    Raises:
        UnknownValidator: the schema names a validator that is not compiled.
        UnknownScheming: this ckanext-scheming holds its schemas otherwise.
    """
    schema = scheming.expanded_schema(package_type)
    kept = _COMPILED.get(package_type)
    if kept is None or kept[0] is not schema:
        kept = _COMPILED[package_type] = (schema, _compiled(schema))
    return kept[1]
