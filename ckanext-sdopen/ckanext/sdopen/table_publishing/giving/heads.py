"""The heads of a table's columns: what the item is, how its rows are ordered and filtered."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import ckan.plugins.toolkit as tk

from ckanext.sdopen.table_publishing.giving import addresses, asked
from ckanext.sdopen.table_publishing.giving.addresses import Pairs
from ckanext.sdopen.table_publishing.giving.asked import Asked
from ckanext.sdopen.table_publishing.giving.found import Found
from ckanext.sdopen.table_publishing.giving.kinds import label
from ckanext.sdopen.tables.columns import Column, Kind

# what a browser offers for the values of a kind
_INPUTS: Mapping[Kind, str] = {
    Kind.DATE: "date",
    Kind.DATETIME: "datetime-local",
    Kind.INTEGER: "number",
    Kind.NUMBER: "number",
}
# more values than these are typed, not chosen
_MOST_CODES = 100


@dataclass(frozen=True)
class Input:
    """A field of a column's form; one with `options` is chosen from these (value, text)."""

    name: str
    label: str
    type: str
    value: str
    options: Sequence[tuple[str, str]] = ()


@dataclass(frozen=True)
class Head:
    """The head of a column; `order` is that of the rows by it, `kept` what its form sends along."""

    column: Column
    kind: str
    order: str
    ascending: str
    descending: str
    inputs: Sequence[Input]
    kept: Pairs
    is_filtered: bool


def head(found: Found, column: Column, question: Asked) -> Head:
    """The head of a column on the page of a question."""
    others = [pair for pair in question.pairs if pair[0] not in ("sort", "order")]
    sorted_by = [("sort", column.name), ("order", "desc")]
    order = ""
    if question.value("sort") == column.name:
        order = "descending" if question.value("order") == "desc" else "ascending"
    mine = {f"{word}.{column.name}" for word in asked.TAKEN[column.kind]}
    return Head(
        column,
        label(column.kind),
        order,
        addresses.page(found, [*others, sorted_by[0]]),
        addresses.page(found, [*others, *sorted_by]),
        _inputs(column, question),
        [pair for pair in question.pairs if pair[0] not in mine],
        any(name in mine for name, _ in question.pairs),
    )


def _inputs(column: Column, question: Asked) -> list[Input]:
    options: Sequence[tuple[str, str]] = ()
    words: Sequence[str] = [one for one in asked.TAKEN[column.kind] if one != asked.IS]
    if column.kind == Kind.BOOLEAN:
        words, options = [asked.IS], [("true", str(tk._("Yes"))), ("false", str(tk._("No")))]
    elif column.kind == Kind.TEXT and 0 < len(column.codes) <= _MOST_CODES:
        words, options = [asked.IS], [(code, code) for code in column.codes]
    elif column.kind == Kind.TEXT:
        words = [asked.HAS, asked.IS]
    labels = _labels()
    return [
        Input(name, labels[word], _INPUTS.get(column.kind, "text"), question.value(name), options)
        for word in words
        for name in [f"{word}.{column.name}"]
    ]


def _labels() -> dict[str, str]:
    return {
        asked.HAS: tk._("contains"),
        asked.IS: tk._("is"),
        asked.FROM: tk._("from"),
        asked.TO: tk._("to"),
    }


def conditions(found: Found, question: Asked) -> list[tuple[str, str]]:
    """(sentence, address without it) of each condition that holds."""
    labels, told = _labels(), []
    for pair in question.pairs:
        word, _, name = pair[0].partition(".")
        if word in labels and name:
            said = f"{name} {labels[word]} {pair[1]}"
        elif pair[0] == "q":
            said = f"“{pair[1]}”"
        else:
            continue
        others = [one for one in question.pairs if one is not pair]
        told.append((said, addresses.page(found, others)))
    return told
