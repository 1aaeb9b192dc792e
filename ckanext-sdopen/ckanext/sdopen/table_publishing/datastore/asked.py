"""What CKAN's `datastore_search` asks, as a question to the reader of tables."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import ckan.plugins.toolkit as tk
from ckanext.datastore.backend import _parse_sort_clause
from ckanext.datastore.filters import AND, OR, FilterOp, parse_query_filters
from ckanext.datastore.helpers import get_list

from ckanext.sdopen.tables.columns import Column, Kind

ID = "_id"
# CKAN's operators as the reader names them
_OPERATORS = ("eq", "in", "gt", "gte", "lt", "lte")
# what the syntax of PostgreSQL's text search adds to words, and views of tables send
_SIGNS = str.maketrans("&|!()<>'", "        ")


@dataclass(frozen=True)
class Asked:
    """A question of `datastore_search`: which rows, which columns, how many of which page."""

    narrowing: Mapping[str, Any]
    sort: list[dict[str, Any]]
    fields: list[str]
    limit: int
    offset: int
    distinct: bool

    @property
    def rows(self) -> dict[str, Any]:
        """The question for the rows."""
        page = {"limit": self.limit, "offset": self.offset, "fields": [ID, *self._but_id()]}
        return {"ask": "rows", **self.narrowing, "sort": self.sort, **page}

    def _but_id(self) -> list[str]:
        return [name for name in self.fields if name != ID]


def of(data: Mapping[str, Any], columns: Sequence[Column]) -> Asked:
    """From the validated data of the action.

    Raises:
        ValidationError: a filter, an order or a column is none of the table.
    """
    known = {ID: Kind.INTEGER, **{column.name: column.kind for column in columns}}
    fields = get_list(data.get("fields")) or list(known)
    _refuse_unknown("fields", fields, known)
    narrowing: dict[str, Any] = {"filters": _filters(data.get("filters"), known)}
    narrowing["filters"] += _words_of_columns(data.get("q"), known)
    words = _words(data)
    if words:
        narrowing["q"] = words
    return Asked(
        narrowing,
        _sort(data.get("sort"), known),
        fields,
        int(data.get("limit", 100)),
        int(data.get("offset") or 0),
        bool(data.get("distinct")),
    )


def _refuse_unknown(name: str, given: Sequence[str], known: Mapping[str, Kind]) -> None:
    unknown = [one for one in given if one not in known]
    if unknown:
        message = tk._("The table has no column “{columns}”").format(columns=", ".join(unknown))
        raise tk.ValidationError({name: [message]})


def _filters(given: Any, known: Mapping[str, Kind]) -> list[dict[str, Any]]:
    parsed = parse_query_filters(given or None, {"fields": known})
    return [] if parsed is None else [_condition(parsed, known)]


def _condition(part: FilterOp, known: Mapping[str, Kind]) -> dict[str, Any]:
    if part.op in (AND, OR):
        members = [_condition(one, known) for one in part.value]
        return {"all" if part.op == AND else "any": members}
    if part.op not in _OPERATORS:
        message = tk._("Filters know no “{operator}”; they know {known}")
        said = message.format(operator=part.op, known=", ".join(_OPERATORS))
        raise tk.ValidationError({"filters": [said]})
    # no column may have come by a list, which is not looked up before
    _refuse_unknown("filters", [str(part.field)], known)
    return _compared(str(part.field), part.op, part.value, known)


def _compared(field: str, operator: str, value: Any, known: Mapping[str, Kind]) -> dict[str, Any]:
    if value is None and operator == "eq":
        return {"column": field, "op": "null"}
    if operator == "in" and None in value:
        others = [one for one in value if one is not None]
        either = [{"column": field, "op": "null"}, _compared(field, "in", others, known)]
        return {"any": either}
    if known[field] == Kind.TEXT:
        value = [_as_text(one) for one in value] if operator == "in" else _as_text(value)
    return {"column": field, "op": operator, "value": value}


def _as_text(value: Any) -> Any:
    """Numbers and truths are compared with texts as PostgreSQL's back end does it."""
    return str(value) if isinstance(value, int | float) else value


def _words(data: Mapping[str, Any]) -> str:
    """The words that must stand somewhere in a row."""
    q = data.get("q")
    said = [q if isinstance(q, str) else "", str(data.get("full_text") or "")]
    return _plain(" ".join(said), data)


def _plain(text: str, data: Mapping[str, Any]) -> str:
    if data.get("plain", True):
        return " ".join(text.split())
    return " ".join(text.translate(_SIGNS).replace(":*", " ").split())


def _words_of_columns(q: Any, known: Mapping[str, Kind]) -> list[dict[str, Any]]:
    """Words that must stand in one column each; CKAN, too, leaves out columns that are none."""
    if not isinstance(q, Mapping):
        return []
    return [
        {"column": field, "op": "contains", "value": word}
        for field, text in q.items()
        if field in known
        for word in _plain(str(text), {"plain": False}).split()
    ]


def _sort(given: Any, known: Mapping[str, Kind]) -> list[dict[str, Any]]:
    clauses = [one.strip() for one in get_list(given, False) or [] if one.strip()]
    parsed = {clause: _parse_sort_clause(clause, known) for clause in clauses}
    _refuse_unknown("sort", [clause for clause in clauses if not parsed[clause]], {})
    order = (parsed[clause] for clause in clauses)
    return [{"column": one[0], "descending": one[1].startswith("desc")} for one in order if one]
