"""What a book would change of an entry that is stored: nothing, where it says the same.

Only elements whose columns the book has are compared; a blank cell of such a column empties the
element. Values are compared as they are kept: codes in the order of their list, numbers as
numbers.
"""

from collections.abc import Collection, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from ckanext.sdopen import codes
from ckanext.sdopen.standard import elements
from ckanext.sdopen.standard.elements import TABLE, Element
from ckanext.sdopen.standard.rules import code_parts
from ckanext.sdopen.standard.values import listed
from ckanext.sdopen.workbook.columns import ITEMS

Entry = Mapping[str, Any]
Columns = Mapping[str, Collection[str]]
# a provider is a title here and an id there: whoever imports resolves it; the region is its
_NOT_COMPARED = frozenset({"owner_org", "region"})
# the server fills these where the book leaves them blank
_FILLED = frozenset({"provider_code", "released_on", "opening_level"})


def _number(value: Any) -> Any:
    try:
        return Decimal(str(value)).normalize()
    except InvalidOperation:
        return value


def _comparable(element: Element, value: Any) -> Any:
    """A value as it is kept, for comparing."""
    if value is None or value == "" or value == []:
        return None
    if element.kind in ("count", "quantity"):
        return _number(value)
    if element.kind == "codes":
        chosen = listed(value) or []
        return [code.value for code in codes.load(element.codes) if code.value in chosen]
    if element.kind == "words":
        return [word.lower() if word.isascii() else word for word in listed(value) or []]
    if element.kind == "boolean":
        return str(value).lower()
    if element.kind == "provider_code":
        return str(value).upper()
    # a spreadsheet and a form end lines differently
    return "\n".join(line.rstrip() for line in str(value).strip().splitlines())


def _item(element: Element, row: Mapping[str, Any], columns: Collection[str]) -> dict[str, Any]:
    compared = {
        name: _comparable(part, row.get(name))
        for name, part in element.parts.items()
        if name in columns
    }
    return {name: value for name, value in compared.items() if value is not None}


def _tags(entry: Entry) -> list[str]:
    return sorted(str(tag.get("name", "")) for tag in entry.get("tags") or ())


def changed(stored: Entry, read: Entry, columns: Columns) -> list[str]:
    """The elements that a book would change.

    Args:
        stored: the entry as the portal shows it.
        read: the entry that the book holds.
        columns: `{"": elements of the catalog, "info_items": elements of its items}` that the book
            has columns for.
    """
    found = []
    told_by_code = code_parts(str(stored.get("resource_code") or ""))
    for name, element in elements.elements("catalog").items():
        if name in _NOT_COMPARED:
            continue
        if element.kind == TABLE:
            parts = columns.get(name, ())
            old = [_item(element, row, parts) for row in stored.get(name) or ()]
            new = [_item(element, row, parts) for row in read.get(name) or ()]
            if parts and [r for r in old if r] != [r for r in new if r]:
                found.append(name)
        elif name not in columns.get("", ()):
            continue
        elif name == "tag_string":
            if _tags(stored) != _tags(read):
                found.append("tags")
        else:
            old_value, new_value = (_comparable(element, e.get(name)) for e in (stored, read))
            filled = name in _FILLED or name in told_by_code
            if old_value != new_value and not (filled and new_value is None):
                found.append(name)
    return found


def taken_over(stored: Entry, read: Entry, columns: Columns) -> dict[str, Any]:
    """The stored entry with what the book says; what it has no column for stays."""
    merged = dict(stored)
    for name in columns.get("", ()):
        key = "tags" if name == "tag_string" else name
        if key in read:
            merged[key] = read[key]
        elif name not in _FILLED and name not in code_parts(str(stored.get("resource_code") or "")):
            merged.pop(key, None)
    parts = columns.get(ITEMS, ())
    if parts:
        merged[ITEMS] = _items_over(stored.get(ITEMS) or (), read.get(ITEMS) or (), parts)
    return merged


def _items_over(
    stored: Collection[Mapping[str, Any]],
    read: Collection[Mapping[str, Any]],
    parts: Collection[str],
) -> list[dict[str, Any]]:
    """The book's items, in its order; what it has no columns for comes from the stored ones."""
    known = {str(row.get("name")): row for row in stored}
    return [
        {
            **{k: v for k, v in known.get(str(row.get("name")), {}).items() if k not in parts},
            **row,
        }
        for row in read
    ]
