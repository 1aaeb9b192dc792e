"""CKAN's show schemas compiled: what validation does to a shown value, without navl.

Validation of what is shown changes values and reports nothing; so validators that only complain
are left out. A schema with a validator that is not known here has no plan, and packages of its type
are shown by CKAN itself.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import ckan.plugins.toolkit as tk
import orjson
from ckan.lib.helpers import unified_resource_format

Change = Callable[[Any], Any]
DROPPED: Any = object()


class Unknown(Exception):
    """A validator, or a stored value, whose effect only CKAN itself knows."""


def _text(value: Any) -> str:
    if isinstance(value, str):
        return value
    return str(tk.get_validator("unicode_safe")(value))


def _stripped(value: Any) -> Any:
    return value.strip() if isinstance(value, str) else value


_STOPS = ("ignore_missing",)
_DROPS = ("ignore",)
# they complain, in a list that nobody reads
_SILENT = ("not_empty", "name_validator", "package_name_validator", "package_version_validator")
_CHANGES: Mapping[str, Change] = {
    "unicode_safe": _text,
    "clean_format": unified_resource_format,
    "remove_whitespace": _stripped,
}
_SHOWN = ("sdopen_list_shown", "sdopen_number_shown", "sdopen_boolean_shown")


def _name(validator: Any) -> str:
    """The name under which CKAN knows a validator; empty for another of the same name."""
    name = str(getattr(validator, "__name__", ""))
    try:
        return name if tk.get_validator(name) is validator else ""
    except tk.UnknownValidator:
        return ""


def _same_as(validator: Any) -> str:
    """The other field of an `if_empty_same_as`."""
    made = getattr(validator, "__qualname__", "") == "if_empty_same_as.<locals>.callable"
    return str(validator.__closure__[0].cell_contents) if made else ""


@dataclass(frozen=True, slots=True)
class Field:
    """What happens to one field: `stops` where None ends it, `same_as` fills what is empty."""

    name: str
    drops: bool = False
    stops: bool = False
    same_as: str = ""
    changes: tuple[Change, ...] = ()

    @property
    def is_plain(self) -> bool:
        """Whether the value stays as it is."""
        return not (self.drops or self.stops or self.same_as or self.changes)

    def of(self, value: Any) -> Any:
        """The value as it is shown, or DROPPED."""
        if self.drops or (value is None and self.stops):
            return DROPPED
        for change in self.changes:
            value = change(value)
        return value


def _field(name: str, validators: Iterable[Any]) -> Field:
    stops, same_as = False, ""
    changes: list[Change] = []
    for place, validator in enumerate(validators):
        known = _name(validator)
        if known in _DROPS and place == 0:
            return Field(name, drops=True)
        if known in _STOPS and not changes:
            stops = True
        elif _same_as(validator) and place == 0:
            same_as = _same_as(validator)
        elif known in _SILENT:
            # the first of them ends the field where it is empty, before anything changes it
            if known == "not_empty" and place > 0:
                raise Unknown(known)
        elif known in _CHANGES:
            changes.append(_CHANGES[known])
        elif known in _SHOWN:
            changes.append(validator)
        else:
            raise Unknown(f"{name}: {validator!r}")
    return Field(name, False, stops, same_as, tuple(changes))


# what every dictized package has besides its columns
_RELATIONSHIPS = ("relationships_as_subject", "relationships_as_object")
_LISTS = ("resources", "tags", "extras", "groups", *_RELATIONSHIPS)
# never among the data that are shown
_NEVER = ("tag_string", "plugin_data", "save", "return_to")
_ROW_EXTRAS = ["ignore_missing", "extras_valid_json", "keep_extras"]


@dataclass(frozen=True, slots=True)
class Plan:
    """What validation does to a shown package of one type."""

    kept: frozenset[str]
    changed: tuple[Field, ...]
    elements: tuple[Field, ...]
    tables: Mapping[str, Mapping[str, Field]]
    resource: tuple[Field, ...]

    def shown(self, data: Mapping[str, Any], stored: Mapping[str, str]) -> dict[str, Any]:
        """The dictized package with its elements in place, as the schema shows it."""
        shown = {name: value for name, value in data.items() if name in self.kept}
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


def _rows(text: str, columns: Mapping[str, Field]) -> list[dict[str, Any]]:
    rows = orjson.loads(text)
    if not isinstance(rows, list):
        raise Unknown("a table that is no list")
    return [_row(row, columns) for row in rows]


def _row(row: Any, columns: Mapping[str, Field]) -> dict[str, Any]:
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
    return [_name(validator) for validator in validators]


def _resource_fields(schema: Mapping[str, Any]) -> tuple[Field, ...]:
    given = dict(schema)
    if _names(given.pop("__extras", [])) != _ROW_EXTRAS:
        raise Unknown("resources/__extras")
    fields = (_field(name, validators) for name, validators in given.items())
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
    tables: dict[str, dict[str, Field]] = {}
    for name, validators in schema.items():
        if name.startswith("__") or name in _LISTS:
            continue
        if isinstance(validators, dict):
            tables[name] = {part: _field(part, asked) for part, asked in validators.items()}
        elif _names(validators[:1]) == ["convert_from_extras"]:
            elements.append(_field(name, validators[1:]))
        elif name in there:
            kept.add(name)
            field = _field(name, validators)
            changed += [] if field.is_plain else [field]
        elif name not in _NEVER or _names(validators[:1]) not in (["ignore_missing"], ["ignore"]):
            raise Unknown(name)
    resource = _resource_fields(schema["resources"])
    return Plan(frozenset(kept), tuple(changed), tuple(elements), tables, resource)
