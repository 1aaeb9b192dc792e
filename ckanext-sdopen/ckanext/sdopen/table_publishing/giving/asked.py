"""What the address of a table or its file asks: which rows, which columns, in which order.

`q=words`, `sort=column&order=desc`, `show=column` (again for each), and for a column `has.column`,
`is.column`, `from.column`, `to.column`. Names of columns stand behind the first dot, whatever signs
they hold.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import ckan.plugins.toolkit as tk

from ckanext.sdopen import parameters
from ckanext.sdopen.tables.columns import Column, Kind

HAS, IS, FROM, TO = "has", "is", "from", "to"
_OPERATORS: Mapping[str, str] = {HAS: "contains", IS: "eq", FROM: "gte", TO: "lte"}
_RANGED = (Kind.INTEGER, Kind.NUMBER, Kind.DATE, Kind.DATETIME)
# which conditions a column of a kind takes
TAKEN: Mapping[Kind, Sequence[str]] = {
    Kind.TEXT: (HAS, IS),
    Kind.BOOLEAN: (IS,),
    **dict.fromkeys(_RANGED, (IS, FROM, TO)),
}
PLAIN = ("q", "sort", "order", "show")
_ORDERS = ("asc", "desc")
# a date alone, as the end of a range of moments
_DATE = len("2026-01-31")


@dataclass(frozen=True)
class Asked:
    """A question to a table; `pairs` are the parameters that it came from."""

    pairs: tuple[tuple[str, str], ...]
    narrowing: Mapping[str, Any]
    sort: tuple[Mapping[str, Any], ...]
    columns: tuple[Column, ...]

    @property
    def rows(self) -> dict[str, Any]:
        """The question for rows, without a page."""
        fields = [column.name for column in self.columns]
        return {"ask": "rows", **self.narrowing, "sort": list(self.sort), "fields": fields}

    @property
    def normalised(self) -> list[Any]:
        """The question, alike however it was written: what the rows and columns are told by."""
        conditions = sorted({json.dumps(one, sort_keys=True) for one in self.narrowing["filters"]})
        named = [column.name for column in self.columns]
        return [self.narrowing.get("q", ""), conditions, list(self.sort), named]

    def value(self, name: str) -> str:
        """A parameter, empty where it is not given."""
        return next((value for given, value in self.pairs if given == name), "")


def of(given: Sequence[tuple[str, str]], columns: Sequence[Column]) -> Asked:
    """From the parameters of an address, of which empty ones and others' ones do not count.

    Raises:
        ValidationError: a parameter names no column of the table, or what a column cannot be asked.
    """
    pairs = tuple((name, value) for name, value in given if value.strip() and is_ours(name))
    known = {column.name: column for column in columns}
    filters = [_condition(name, value, known) for name, value in pairs if name not in PLAIN]
    narrowing: dict[str, Any] = {"filters": filters}
    said = dict(pairs)
    if "q" in said:
        narrowing["q"] = " ".join(said["q"].split())
    shown = [value for name, value in pairs if name == "show"]
    chosen = {_column("show", name, known).name for name in shown} or set(known)
    fields = tuple(column for column in columns if column.name in chosen)
    return Asked(pairs, narrowing, _sort(said, known), fields)


def refuse_others(given: Sequence[tuple[str, str]], also: Sequence[str]) -> None:
    """Refuse parameters that would change nothing: a slip must not give all rows.

    Raises:
        ValidationError: one is not known; it is named.
    """
    unknown = [name for name, _ in given if name not in also and not is_ours(name)]
    if unknown:
        message = tk._("There is no such parameter; there are {known}, and for a column {more}")
        more = ", ".join(f"{word}.…" for word in _OPERATORS)
        said = message.format(known=", ".join((*PLAIN, *also)), more=more)
        raise tk.ValidationError({name: [said] for name in unknown})


def is_ours(name: str) -> bool:
    """Whether a parameter is of the question, not of how its answer is written."""
    return name in PLAIN or ("." in name and name.partition(".")[0] in _OPERATORS)


def _column(parameter: str, name: str, known: Mapping[str, Column]) -> Column:
    if name not in known:
        message = tk._("The table has no column “{columns}”").format(columns=name)
        raise tk.ValidationError({parameter: [message]})
    return known[name]


def _condition(parameter: str, value: str, known: Mapping[str, Column]) -> dict[str, Any]:
    word, _, name = parameter.partition(".")
    column = _column(parameter, name, known)
    if word not in TAKEN[column.kind]:
        message = tk._("The column “{column}” is asked by {known}").format(
            column=name, known=", ".join(f"{one}.{name}" for one in TAKEN[column.kind])
        )
        raise tk.ValidationError({parameter: [message]})
    if word == TO and column.kind == Kind.DATETIME and len(value) == _DATE:
        value = f"{value}T23:59:59.999999"
    return {"column": name, "op": _OPERATORS[word], "value": value}


def _sort(said: Mapping[str, str], known: Mapping[str, Column]) -> tuple[Mapping[str, Any], ...]:
    order = said.get("order", _ORDERS[0])
    if order not in _ORDERS:
        message = tk._("Give one of {names}").format(names=", ".join(_ORDERS))
        raise tk.ValidationError({"order": [message]})
    if "sort" not in said:
        return ()
    column = _column("sort", said["sort"], known)
    return ({"column": column.name, "descending": order == "desc"},)


def flag(given: Mapping[str, str], name: str) -> bool:
    """A parameter that is 0 or 1.

    Raises:
        ValidationError: it is another one.
    """
    return bool(parameters.whole_number(given, name, 0, 0, 1))
