"""Texts without what word processors leave behind, values without the empty ones."""

import re
from collections.abc import Mapping
from functools import cache
from typing import Any

from ckanext.sdopen.entries.steps.answers import Answers
from ckanext.sdopen.entries.steps.arrival import EMPTY, Arrival, Stored
from ckanext.sdopen.standard import elements

# what a form does not send and an update without it must not lose
_STORED_WHEN_UNSENT = (
    "owner_org",
    "region",
    "resource_code",
    "service_code",
    "source_id",
    "source_key",
    "source_downloads",
    "source_views",
)
# what CKAN keeps apart from an entry's own elements, and judges itself
APART = frozenset(("extras", "resources", "tags", "groups"))
# what counts as no value of a cell
_BLANK = (None, "")
# what word processors leave behind; NUL and its like are refused (values.FORBIDDEN)
_UNPRINTABLE = re.compile("[\x01-\x08\x0b\x0c\x0e-\x1f]")


def cleaned(value: Any) -> Any:
    """A text without control characters and outer blanks; another value as it is."""
    if not isinstance(value, str):
        return value
    return (value if value.isprintable() else _UNPRINTABLE.sub("", value)).strip()


@cache
def texts_and_tables(kind: str) -> tuple[frozenset[str], frozenset[str]]:
    """The names of the elements of a record type that are texts, and of those that are tables."""
    listed = elements.elements(kind).values()
    return (
        frozenset(e.name for e in listed if e.kind not in elements.LISTS),
        frozenset(e.name for e in listed if e.kind == elements.TABLE),
    )


def clean(arrival: Arrival, answers: Answers) -> None:
    """Clean every text; rows of tables lose their empty cells, tables the blank rows at the end."""
    _, tables = texts_and_tables(arrival.kind)
    for name, value in arrival.values.items():
        if isinstance(value, str):
            arrival.values[name] = cleaned(value)
        elif name in tables and isinstance(value, list):
            arrival.values[name] = _clean_rows(value)


def _clean_rows(rows: list[Any]) -> list[Any]:
    found = [_clean_row(row) if isinstance(row, Mapping) else row for row in rows]
    while found and not found[-1]:
        found.pop()
    return found


def _clean_row(row: Mapping[str, Any]) -> dict[str, Any]:
    return {name: cell for name, value in row.items() if (cell := cleaned(value)) not in _BLANK}


def keep_unsent(arrival: Arrival, answers: Answers) -> None:
    """Take over what a form does not send from what is stored."""
    if arrival.stored is None:
        return
    for name in _STORED_WHEN_UNSENT:
        if arrival.values.get(name) is None:
            known = _known(arrival.stored, name)
            if known:
                arrival.values[name] = known


def _known(stored: Stored, name: str) -> Any:
    return stored.owner_org if name == "owner_org" else stored.extras.get(name)


def make_plain(arrival: Arrival, answers: Answers) -> None:
    """The entry as rules read it: its own elements that have a value."""
    arrival.entry = {
        name: value
        for name, value in arrival.values.items()
        if value not in EMPTY and name not in APART
    }
