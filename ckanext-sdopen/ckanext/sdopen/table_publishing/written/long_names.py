"""Headings and values that PostgreSQL or CKAN would change: long names, codes taken for numbers.

Headings that PostgreSQL cannot name a column by get a shorter column, and are told as its label.

Records, filters and orders may go on naming the heading.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Any

import ckan.plugins.toolkit as tk
from ckanext.datastore.helpers import get_list

from ckanext.sdopen.tables.long_columns import column_of

_CODE = re.compile(r"0\d+|\d{16,}")
# signs of what is sorted by; CKAN's reading of it grows faster than the text
_LONGEST_ORDER = 1_000


def made(data: dict[str, Any]) -> None:
    """Name the columns of a table that is about to be made or changed as PostgreSQL can; in place.

    Args:
        data: of `datastore_create`, validated; long headings become labels of their fields, and
            fields where they stand in the first record only.
    """
    records = data.get("records")
    if data.get("fields") or _is_changed(records):
        _describe(data, records)
    written(data)
    for name in ("primary_key", "indexes"):
        if data.get(name):
            data[name] = _listed(data[name])


def written(data: dict[str, Any]) -> None:
    """The same of rows that are about to be written; in place."""
    if isinstance(data.get("records"), list):
        data["records"] = [_record(one) for one in data["records"]]


def asked(data: Mapping[str, Any]) -> dict[str, Any]:
    """The same of what is asked or removed: filters, words of columns, columns, order."""
    given = dict(data)
    if given.get("filters"):
        given["filters"] = _filters(given["filters"])
    if isinstance(given.get("q"), Mapping):
        given["q"] = {column_of(name): words for name, words in given["q"].items()}
    if given.get("fields"):
        given["fields"] = _listed(given["fields"])
    if given.get("sort"):
        given["sort"] = [_clause(one) for one in get_list(given["sort"], False) or []]
    return given


def _is_changed(records: Any) -> bool:
    """Whether the first record, by which CKAN makes columns, has what would not be kept."""
    first = _first(records)
    return any(column_of(name) != name or _is_code(value) for name, value in first.items())


def _first(records: Any) -> Mapping[Any, Any]:
    found = records[0] if isinstance(records, list) and records else None
    return found if isinstance(found, Mapping) else {}


def _is_code(value: Any) -> bool:
    """Whether a text is a code that CKAN would take for a number: 001, or more digits than fit."""
    return isinstance(value, str) and _CODE.fullmatch(value) is not None


def _describe(data: dict[str, Any], records: Any) -> None:
    first = _first(records)
    fields = [_field(one, first) for one in data.get("fields") or []]
    # without fields that would remove all others
    if _is_changed(records) and (fields or not data.get("delete_fields")):
        known = {one["id"] for one in fields if isinstance(one, Mapping) and "id" in one}
        more = [_field({"id": name}, first) for name in first]
        fields += [one for one in more if one["id"] not in known]
    data["fields"] = fields


def _field(one: Any, first: Mapping[Any, Any]) -> Any:
    if not isinstance(one, Mapping):
        return one
    if not one.get("type") and _is_code(first.get(one.get("id"))):
        one = {**one, "type": "text"}
    if column_of(one.get("id")) == one.get("id"):
        return one
    info = one["info"] if isinstance(one.get("info"), Mapping) else {}
    label = info.get("label") or one["id"]
    return {**one, "id": column_of(one["id"]), "info": {**info, "label": label}}


def _record(one: Any) -> Any:
    if not isinstance(one, Mapping) or not any(column_of(name) != name for name in one):
        return one
    return {column_of(name): value for name, value in one.items()}


def _listed(value: Any) -> list[Any]:
    return [
        column_of(one) if isinstance(one, str) else _listed(one) for one in _items(value) if one
    ]


def _items(value: Any) -> Iterable[Any]:
    return get_list(value) or [] if isinstance(value, str) else value


def _filters(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {
            column_of(name): _filters(one) if str(name).startswith("$") else one
            for name, one in value.items()
        }
    if isinstance(value, list):
        return [_filters(one) for one in value]
    return value


def _clause(text: str) -> str:
    """The same of `"heading" desc nulls last`, of which all but the heading may be missing."""
    name, order = text.strip(), ""
    words = name.rsplit(None, 2)
    if len(words) == 3 and words[1].lower() == "nulls" and words[2].lower() in ("first", "last"):
        name, order = words[0], f" {words[1]} {words[2]}"
    words = name.rsplit(None, 1)
    if len(words) == 2 and words[1].lower() in ("asc", "desc"):
        name, order = words[0], f" {words[1]}{order}"
    if len(name) > 2 and name[0] == name[-1] == '"':
        name = name[1:-1]
    return text if column_of(name) == name else f'"{column_of(name)}"{order}'


def refuse_long_order(data: Mapping[str, Any]) -> None:
    """Refuse to sort by more than a person would write.

    Raises:
        ValidationError: one clause is longer.
    """
    clauses = get_list(data.get("sort") or None, False) or []
    if any(len(str(one)) > _LONGEST_ORDER for one in clauses):
        message = tk._("Each column of “sort” takes up to {most} characters")
        raise tk.ValidationError({"sort": [message.format(most=f"{_LONGEST_ORDER:,}")]})
