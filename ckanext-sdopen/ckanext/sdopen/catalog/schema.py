"""What happens to a whole entry before its fields are validated."""

import re
from collections.abc import Callable, Mapping
from datetime import datetime
from functools import cache
from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.types import Context, FlattenDataDict, FlattenErrorDict, FlattenKey
from ckanext.scheming.validation import scheming_validator

from ckanext.sdopen import config
from ckanext.sdopen.catalog import (
    classes,
    facts,
    identity,
    neighbours,
    notices,
    rules,
    served,
    standard,
)
from ckanext.sdopen.catalog.check import check, judged, marked_rows
from ckanext.sdopen.catalog.confidential import CODES as CONFIDENTIAL
from ckanext.sdopen.catalog.fields import Field, language
from ckanext.sdopen.catalog.findings import ERROR, Finding, has_errors, sentence
from ckanext.sdopen.catalog.profiles import Profile
from ckanext.sdopen.catalog.standard import KINDS

__all__ = ["sdopen_drop_blank_rows", "sdopen_prepare_entry"]

# what a form does not send and an update without it must not lose
_KEPT = (
    "owner_org",
    "region",
    "resource_code",
    "service_code",
    "source_id",
    "source_key",
    "source_downloads",
    "source_views",
)
# what word processors leave behind; NUL and its like are refused (values.FORBIDDEN)
_UNPRINTABLE = re.compile("[\x01-\x08\x0b\x0c\x0e-\x1f]")


def cleaned(text: str) -> str:
    """A text without control characters and outer blanks."""
    return (text if text.isprintable() else _UNPRINTABLE.sub("", text)).strip()


def clean(data: FlattenDataDict) -> None:
    """Texts without control characters and outer blanks; an empty one counts as missing."""
    for key, value in data.items():
        if isinstance(value, str):
            data[key] = cleaned(value)


def _report(errors: FlattenErrorDict, finding: Finding, kind: str) -> None:
    """Add a finding to its element; one of a table with wrong cells goes to the first of them."""
    text = sentence(finding, language(), kind)
    key: FlattenKey = finding.path
    if finding.item is None:
        cells = (other for other in errors if other[0] == finding.field and len(other) > 1)
        key = next(cells, key)
    errors.setdefault(key, []).append(text)


def keep_unsent(data: FlattenDataDict, stored: model.Package) -> None:
    """Take over what a form does not send from what is stored."""
    known = {**stored.extras, "owner_org": stored.owner_org}
    for name in _KEPT:
        if data.get((name,)) in (None, tk.missing) and known.get(name):
            data[(name,)] = known[name]


def complete(data: FlattenDataDict, entry: dict[str, Any]) -> None:
    """Fill what code and class settle: 类, 项, 目, 细目; the level of conditional opening."""
    for name, value in rules.code_parts(str(entry.get("resource_code") or "")).items():
        if (name,) in data and not entry.get(name):
            data[(name,)] = entry[name] = value
    if entry.get("opening") != classes.CONDITIONAL:
        data[("opening_level",)] = tk.missing
    elif not entry.get("opening_level"):
        data[("opening_level",)] = "review"


def release(data: FlattenDataDict, entry: dict[str, Any], stored: model.Package | None) -> None:
    """A published entry has a day of publication: the given, the stored, or today."""
    state = entry.get("state") or (stored.state if stored else model.State.ACTIVE)
    if state == model.State.ACTIVE and not entry.get("released_on"):
        known = stored.extras.get("released_on") if stored else None
        data[("released_on",)] = known or datetime.now(tk.h.get_display_timezone()).date()


def plain(data: FlattenDataDict) -> dict[str, Any]:
    """The entry's own values without the empty ones; tables are lists of rows, blank ones too."""
    entry: dict[str, Any] = {}
    rows: dict[str, dict[int, dict[str, Any]]] = {}
    for key, value in data.items():
        if value is tk.missing or value in (None, "", []):
            continue
        if len(key) == 1:
            entry[key[0]] = value
        elif len(key) == 3 and key[0] not in ("extras", "resources", "tags", "groups"):
            rows.setdefault(key[0], {}).setdefault(key[1], {})[key[2]] = value
    for table, numbered in rows.items():
        entry[table] = [numbered.get(number, {}) for number in range(max(numbered) + 1)]
    return entry


def refuse_odd(entry: Mapping[str, Any]) -> None:
    """Raise ValidationError where what CKAN's own checks look up by is no text."""
    odd = [name for name in ("owner_org", "id", "name") if isinstance(entry.get(name), list | dict)]
    if odd:
        told = {name: [sentence(Finding("text_expected", name), language())] for name in odd}
        raise tk.ValidationError(told)


@cache
def _texts_and_tables(kind: str) -> tuple[frozenset[str], tuple[str, ...]]:
    """The names of the elements that are texts, and of those that are tables."""
    listed = standard.elements(kind).values()
    return (
        frozenset(e.name for e in listed if e.kind not in standard.LISTS),
        tuple(e.name for e in listed if e.kind == standard.TABLE),
    )


def refuse_unfit(entry: Mapping[str, Any], kind: str, profile: Profile | None = None) -> None:
    """Raise ValidationError for what is no table, too large or secret, before CKAN unpacks it.

    By the limits and severities of the profile, that of entries of the portal's own if none.
    """
    profile = profile or config.profile()
    limits = profile.limits
    texts, tables = _texts_and_tables(kind)
    found = [
        Finding("text_expected", name)
        for name, value in entry.items()
        if isinstance(value, list | dict) and name in texts
    ]
    bounds = {**dict.fromkeys(tables, limits.items), "tags": limits.tags}
    for name, limit in {**bounds, "resources": limits.resources}.items():
        rows = entry.get(name)
        if not rows:
            continue
        if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
            found.append(Finding("table_expected", name))
        elif len(rows) > limit:
            found.append(Finding("rows_too_many", name, {"count": len(rows), "limit": limit}))
        elif name in ("tags", "resources"):
            marks = judged(marked_rows(name, rows), profile.severities)
            found += [mark for mark in marks if mark.severity == ERROR]
    if found:
        errors: dict[str, Any] = {f.field: [sentence(f, language(), kind)] for f in found}
        if "tags" in errors:
            # as CKAN's ValidationError wants the errors of tags
            errors["tags"] = [{"name": errors["tags"]}]
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
        clean(data)
        if stored:
            keep_unsent(data, stored)
        identity.identify(kind, data, errors, stored)
        entry = plain(data)
        complete(data, entry)
        own = not (entry.get("source_id") and entry.get("source_key"))
        if own:
            release(data, entry, stored)
        profile = config.profile(from_source=not own)
        found = check(entry, profile, kind, served_items=served.items_of(entry))
        if not has_errors(found):
            # the directory is asked only for what is sound by itself
            settled = {**entry, "id": data[("id",)]}
            region = str(entry.get("region") or "")
            among = neighbours.findings(settled, kind, region, stored is None)
            found += judged(among, profile.severities)
        for finding in found:
            if finding.severity == ERROR:
                _report(errors, finding, kind)
        context["sdopen_confidential"] = any(f.code in CONFIDENTIAL for f in found)
        notices.keep(found)
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
