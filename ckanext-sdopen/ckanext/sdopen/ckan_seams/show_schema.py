"""CKAN's show schemas compiled: what validation does to a shown package, without navl.

A schema with a validator that is not known has no plan, and packages of its type are shown by CKAN
itself.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import orjson

from ckanext.sdopen.ckan_seams.field_validation import (
    DROPPED,
    FieldPlan,
    Unknown,
    field_of,
    name_of,
)

# what every dictized package has besides its columns
_RELATIONSHIPS = ("relationships_as_subject", "relationships_as_object")
_LISTS = ("resources", "tags", "extras", "groups", *_RELATIONSHIPS)
# never among the data that are shown
_NEVER = ("tag_string", "plugin_data", "save", "return_to")
_ROW_EXTRAS = ["ignore_missing", "extras_valid_json", "keep_extras"]


@dataclass(frozen=True, slots=True)
class Plan:
    """What validation does to a shown package of one type."""

    shown_fields: frozenset[str]
    changed: tuple[FieldPlan, ...]
    elements: tuple[FieldPlan, ...]
    tables: Mapping[str, Mapping[str, FieldPlan]]
    resource: tuple[FieldPlan, ...]

    def shown(self, data: Mapping[str, Any], stored: Mapping[str, str]) -> dict[str, Any]:
        """The dictized package with its elements in place, as the schema shows it."""
        shown = {name: value for name, value in data.items() if name in self.shown_fields}
        for field in self.changed:
            value = shown.get(field.name)
            if field.same_as and not value:
                value = data[field.same_as]
            value = field.of(value)
            if value is DROPPED:
                shown.pop(field.name, None)
            else:
                shown[field.name] = value
        shown["resources"] = [self._resource(row) for row in data["resources"]]
        shown["tags"] = [dict(tag) for tag in data["tags"]]
        self._place(shown, stored)
        return shown

    def _resource(self, row: Mapping[str, Any]) -> dict[str, Any]:
        shown = dict(row)
        for field in self.resource:
            value = field.of(shown.get(field.name))
            if value is DROPPED:
                shown.pop(field.name, None)
            else:
                shown[field.name] = value
        return shown

    def _place(self, shown: dict[str, Any], stored: Mapping[str, str]) -> None:
        """Take the elements out of the extras, as `convert_from_extras` does."""
        rest = dict(stored)
        for name, columns in self.tables.items():
            if name in rest:
                shown[name] = _rows(rest.pop(name), columns)
        # an empty list stays; one that empties while it is validated goes
        is_empty = not rest
        for field in self.elements:
            if field.name in rest:
                value = rest.pop(field.name)
                if field.changes or field.drops or value is None:
                    value = field.of(value)
                if value is not DROPPED:
                    shown[field.name] = value
        if rest or is_empty:
            shown["extras"] = [{"key": key, "value": value} for key, value in rest.items()]
        else:
            del shown["extras"]


def _rows(text: str, columns: Mapping[str, FieldPlan]) -> list[dict[str, Any]]:
    rows = orjson.loads(text)
    if not isinstance(rows, list):
        raise Unknown("a table that is no list")
    return [_row(row, columns) for row in rows]


def _row(row: Any, columns: Mapping[str, FieldPlan]) -> dict[str, Any]:
    if not isinstance(row, dict):
        raise Unknown("a row that is no row")
    shown = {}
    for name, value in row.items():
        field = columns.get(name)
        if field is None:
            raise Unknown(f"a row with {name}")
        if field.changes or field.drops or value is None:
            value = field.of(value)
        if value is not DROPPED:
            shown[name] = value
    if not shown:
        raise Unknown("an empty row")
    return shown


def _names(validators: Iterable[Any]) -> list[str]:
    return [name_of(validator) for validator in validators]


def _resource_fields(schema: Mapping[str, Any]) -> tuple[FieldPlan, ...]:
    given = dict(schema)
    if _names(given.pop("__extras", [])) != _ROW_EXTRAS:
        raise Unknown("resources/__extras")
    fields = (field_of(name, validators) for name, validators in given.items())
    return tuple(field for field in fields if not field.is_plain)


def _check_marks(schema: Mapping[str, Any]) -> None:
    """Refuse a schema that treats packages, tags or extras otherwise than CKAN's own."""
    expected = {
        "__before": ["duplicate_extras_key", "ignore"],
        "__extras": ["ignore"],
        "__junk": ["empty"],
    }
    for name, validators in schema.items():
        if name.startswith("__") and _names(validators) != expected.get(name):
            raise Unknown(name)
    tags, extras = dict(schema["tags"]), dict(schema["extras"])
    if list(tags) != ["__extras"] or _names(tags["__extras"]) != ["keep_extras"]:
        raise Unknown("tags")
    if {name: _names(validators) for name, validators in extras.items()} != {
        "key": ["not_empty"],
        "value": ["not_empty"],
    }:
        raise Unknown("extras")


def compiled(schema: Mapping[str, Any], columns: Iterable[str]) -> Plan:
    """The plan of a show schema; `columns` are the names of what a dictized package holds.

    Raises:
        Unknown: the schema asks for something that is not known here.
    """
    _check_marks(schema)
    there = set(columns)
    kept, changed, elements = set(_LISTS) & set(schema), [], []
    tables: dict[str, dict[str, FieldPlan]] = {}
    for name, validators in schema.items():
        if name.startswith("__") or name in _LISTS:
            continue
        if isinstance(validators, dict):
            tables[name] = {part: field_of(part, asked) for part, asked in validators.items()}
        elif _names(validators[:1]) == ["convert_from_extras"]:
            elements.append(field_of(name, validators[1:]))
        elif name in there:
            kept.add(name)
            field = field_of(name, validators)
            changed += [] if field.is_plain else [field]
        elif name not in _NEVER or _names(validators[:1]) not in (["ignore_missing"], ["ignore"]):
            raise Unknown(name)
    resource = _resource_fields(schema["resources"])
    return Plan(frozenset(kept), tuple(changed), tuple(elements), tables, resource)
