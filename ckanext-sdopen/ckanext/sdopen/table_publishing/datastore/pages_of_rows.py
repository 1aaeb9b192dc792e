"""The answer of `datastore_search` about a loaded table."""

from typing import Any

import ckan.plugins.toolkit as tk

from ckanext.sdopen.table_publishing import reading, totals
from ckanext.sdopen.table_publishing.datastore import answers, asked
from ckanext.sdopen.table_publishing.datastore.asked import ID, Asked
from ckanext.sdopen.tables.versions import Version

# what is put together in memory to tell distinct rows
_DISTINCT, _DISTINCT_COLUMNS = 10_000, 4
_Rows = list[list[Any]]


def answer(version: Version, data: dict[str, Any]) -> dict[str, Any]:
    """What the action gives; the data that were asked with stay in it, as CKAN leaves them."""
    question = asked.of(data, version.columns)
    shown = {ID: {"id": ID, "type": "int"}}
    shown |= {column.name: answers.field(column) for column in version.columns}
    given = {**data, "fields": [shown[name] for name in question.fields]}
    if question.distinct:
        every = _distinct(version, question)
        rows, total = every[question.offset :][: question.limit], len(every)
    else:
        rows, next_page = _page(version, question)
        with reading.refusing():
            total = totals.total(version, question.narrowing) if data.get("include_total") else 0
        if data.get("include_next_page") and next_page:
            given["next_page"] = next_page
    given["records"] = answers.RECORDS[data["records_format"]](question.fields, rows)
    return {**given, "total": total} if data.get("include_total") else given


def _page(version: Version, question: Asked) -> tuple[_Rows, dict[str, Any] | None]:
    """A page, and the filter that finds the next one where rows are ordered by `_id`."""
    found = reading.ask(version, question.rows)
    places = [found["columns"].index(name) for name in question.fields]
    rows = [[row[place] for place in places] for row in found["rows"]]
    by_id = [key["column"] for key in question.sort] in ([], [ID])
    if not by_id or not rows:
        return rows, None
    beyond = "lt" if question.sort and question.sort[0]["descending"] else "gt"
    return rows, {ID: {beyond: found["rows"][-1][found["columns"].index(ID)]}}


def _distinct(version: Version, question: Asked) -> _Rows:
    """All distinct rows of some columns.

    Raises:
        ValidationError: they are too many, or of too many columns.
    """
    if len(question.fields) > _DISTINCT_COLUMNS:
        message = tk._("Distinct rows are told of up to {most} columns; name fewer in “fields”")
        raise tk.ValidationError({"distinct": [message.format(most=_DISTINCT_COLUMNS)]})
    by = [{"column": name} for name in question.fields]
    groups = {"by": by, "limit": _DISTINCT}
    found = reading.ask(version, {"ask": "groups", **question.narrowing, "groups": groups})
    if found["more"]:
        message = tk._("There are more than {most} distinct rows; filter them, or read all rows")
        raise tk.ValidationError({"distinct": [message.format(most=_DISTINCT)]})
    rows = [row[: len(by)] for row in found["rows"]]
    for key in reversed([key for key in question.sort if key["column"] in question.fields]):
        rows = _ordered(rows, question.fields.index(key["column"]), key["descending"])
    return rows


def _ordered(rows: _Rows, place: int, descending: bool) -> _Rows:
    """Rows by one of their values; empty ones come last either way."""
    filled = [row for row in rows if row[place] is not None]
    filled.sort(key=lambda row: row[place], reverse=descending)
    return [*filled, *(row for row in rows if row[place] is None)]
