"""What happens to a whole entry before its fields are validated."""

import re
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.types import Context, FlattenDataDict, FlattenErrorDict, FlattenKey
from ckanext.scheming.validation import scheming_validator

from ckanext.sdopen import config
from ckanext.sdopen.catalog import classes, facts, identity, messages, rules
from ckanext.sdopen.catalog.fields import Field, label

__all__ = ["sdopen_drop_blank_rows", "sdopen_prepare_entry"]

KINDS: Mapping[str, str] = {"dataset": "catalog", "interface": "interface"}

# what a form does not send and an update without it must not lose
_KEPT = (
    "owner_org",
    "region",
    "resource_code",
    "source_id",
    "source_key",
    "source_downloads",
    "source_views",
)
# control characters that neither XML nor Solr takes
_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")


def _clean(data: FlattenDataDict) -> None:
    """Texts without control characters and outer blanks; an empty one counts as missing."""
    for key, value in data.items():
        if isinstance(value, str):
            data[key] = _UNPRINTABLE.sub("", value).strip()


def _report(errors: FlattenErrorDict, name: str, text: str) -> None:
    """Add an error to an element; that of a table with rows goes to its first cell."""
    cells = (key for key in errors if key[0] == name and len(key) > 1)
    errors.setdefault(next(cells, (name,)), []).append(text)


def _keep(data: FlattenDataDict, stored: model.Package) -> None:
    known = {**stored.extras, "owner_org": stored.owner_org}
    for name in _KEPT:
        if data.get((name,)) in (None, tk.missing) and known.get(name):
            data[(name,)] = known[name]


def _complete(data: FlattenDataDict, entry: dict[str, Any]) -> None:
    """Fill what code and class settle: 类, 项, 目, 细目; the level of conditional opening."""
    for name, value in rules.code_parts(str(entry.get("resource_code") or "")).items():
        if (name,) in data and not entry.get(name):
            data[(name,)] = entry[name] = value
    if entry.get("opening") != classes.CONDITIONAL:
        data[("opening_level",)] = tk.missing
    elif not entry.get("opening_level"):
        data[("opening_level",)] = "review"


def _release(data: FlattenDataDict, entry: dict[str, Any], stored: model.Package | None) -> None:
    """A published entry has a day of publication: the given, the stored, or today."""
    state = entry.get("state") or (stored.state if stored else model.State.ACTIVE)
    if state == model.State.ACTIVE and not entry.get("released_on"):
        known = stored.extras.get("released_on") if stored else None
        data[("released_on",)] = known or datetime.now(tk.h.get_display_timezone()).date()


def plain(data: FlattenDataDict) -> dict[str, Any]:
    """The entry's own values without the empty ones; tables count as true where they have rows."""
    entry: dict[str, Any] = {}
    for key, value in data.items():
        if value is tk.missing or value in (None, "", []):
            continue
        if len(key) == 1:
            entry[key[0]] = value
        elif key[0] != "extras":
            entry[key[0]] = True
    return entry


def _require(
    fields: list[Field], entry: Mapping[str, Any], own: bool, errors: FlattenErrorDict
) -> None:
    wanted = "required" if own else "required_from_source"
    for field in fields:
        name = field["field_name"]
        if field.get(wanted) and not entry.get(name) and not errors.get((name,)):
            text = tk._("{label} is missing; fill it in").format(label=label(field))
            _report(errors, name, text)


def _check_code(entry: Mapping[str, Any], errors: FlattenErrorDict) -> None:
    code = entry.get("resource_code")
    pattern = config.code_pattern()
    if code and not re.fullmatch(pattern, str(code)):
        errors[("resource_code",)].append(
            tk._(
                'The code "{code}" is not made of category (1 digit), division (2), subject (3), '
                "detail, a stroke and a number, like 307001/000123"
            ).format(code=code)
        )


def refuse_non_tables(entry: Mapping[str, Any], schema: Field) -> None:
    """Raise ValidationError where a table is no list of rows, before CKAN takes it apart."""
    errors = {}
    for field in schema["dataset_fields"]:
        rows = entry.get(field["field_name"]) or []
        is_table = isinstance(rows, list) and all(isinstance(row, dict) for row in rows)
        if "repeating_subfields" in field and not is_table:
            message = tk._("{label} must be a list of rows").format(label=label(field))
            errors[field["field_name"]] = [message]
    if errors:
        raise tk.ValidationError(errors)


@scheming_validator
def sdopen_prepare_entry(_field: None, schema: Field) -> Callable[..., None]:
    """Clean, complete, identify and check an entry; derive its id, name and `private`."""
    fields: list[Field] = schema["dataset_fields"]
    kind = KINDS[schema["dataset_type"]]

    def validator(
        key: FlattenKey, data: FlattenDataDict, errors: FlattenErrorDict, context: Context
    ) -> None:
        stored = context.get("package")
        _clean(data)
        if stored:
            _keep(data, stored)
        identity.identify(kind, data, errors, stored)
        entry = plain(data)
        _complete(data, entry)
        own = not (entry.get("source_id") and entry.get("source_key"))
        _require(fields, entry, own, errors)
        if own:
            _release(data, entry, stored)
            _check_code(entry, errors)
            for finding in rules.broken(kind, entry):
                _report(errors, finding.field, messages.text(finding))
        # without a provider the entry is refused for that alone
        closed = not facts.public_when_published(entry)
        data[("private",)] = closed and bool(entry.get("owner_org"))
        _forget_empty(data, fields)

    return validator


def _forget_empty(data: FlattenDataDict, fields: list[Field]) -> None:
    """Fields of ours that are empty are not stored at all."""
    ours = {field["field_name"] for field in fields} - {"title", "name", "notes", "owner_org"}
    for data_key, value in data.items():
        if value == "" and data_key[0] in ours:
            data[data_key] = tk.missing


@scheming_validator
def sdopen_drop_blank_rows(_field: None, schema: Field) -> Callable[..., None]:
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
