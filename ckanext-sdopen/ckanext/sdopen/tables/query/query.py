"""A question to a table, parsed; and the bounds within which the reader answers it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from ckanext.sdopen.tables.query import filters, grouping, shapes, sorting
from ckanext.sdopen.tables.query.grouping import Grouping
from ckanext.sdopen.tables.query.known import ID, Column, Known, Piece
from ckanext.sdopen.tables.query.refusals import BadQuery, TooLarge
from ckanext.sdopen.tables.query.sorting import Key

ROWS, COUNT, VALUES, GROUPS = ASKS = ("rows", "count", "values", "groups")
_NARROWING = ("filters", "q", "box")
# which keys each question has
KEYS: Mapping[str, tuple[str, ...]] = {
    ROWS: ("ask", *_NARROWING, "sort", "fields", "limit", "offset", "after"),
    COUNT: ("ask", *_NARROWING),
    VALUES: ("ask", *_NARROWING, VALUES),
    GROUPS: ("ask", *_NARROWING, GROUPS),
}
DEFAULT_LIMIT = 100


class Bounds(NamedTuple):
    """What one answer may hold and cost, in rows.

    `deep` is how far a sorted question may be paged by offset, `sorted` how long a table may be
    that is sorted whole while it is sent.
    """

    rows: int = 32_000
    groups: int = 10_000
    deep: int = 100_000
    sorted: int = 200_000


@dataclass(frozen=True)
class Query:
    """A question; `where` all holds, `after` too, `fields` are shown, `group` of groups only."""

    ask: str
    where: tuple[Piece, ...]
    sort: tuple[Key, ...] = ()
    fields: tuple[Column, ...] = ()
    limit: int = DEFAULT_LIMIT
    offset: int = 0
    after: Piece | None = None
    group: Grouping | None = None

    @classmethod
    def of(cls, given: Any, columns: Known, bounds: Bounds) -> "Query":
        """From a JSON object, with the columns that the asker may know of.

        Raises:
            QueryError: it cannot be asked; the error says what, where and what to do.
        """
        if not isinstance(given, dict):
            raise BadQuery("not_an_object", "query")
        ask = shapes.word(given.get("ask", ROWS), "ask", ASKS)
        found = shapes.with_keys(given, "query", KEYS[ask])
        where = _where(found, columns)
        if ask == VALUES:
            facet = grouping.facet(found.get(VALUES), columns, bounds.groups)
            return cls(ask, where, group=facet)
        if ask == GROUPS:
            group = grouping.grouping(found.get(GROUPS), columns, bounds.groups)
            return cls(ask, where, group=group)
        if ask == COUNT:
            return cls(ask, where)
        return cls._of_rows(found, where, columns, bounds)

    @classmethod
    def _of_rows(
        cls, found: dict[str, Any], where: tuple[Piece, ...], columns: Known, bounds: Bounds
    ) -> "Query":
        sort = sorting.keys(found.get("sort", []), columns)
        limit = shapes.whole(found.get("limit", DEFAULT_LIMIT), "limit", 0, bounds.rows)
        offset = shapes.whole(found.get("offset", 0), "offset")
        after = None
        if found.get("after") is not None:
            if offset:
                raise BadQuery("offset_and_after", "after")
            after = sorting.after(found["after"], sort)
        if sort and offset + limit > bounds.deep:
            raise TooLarge("too_deep", "offset", given=offset + limit, most=bounds.deep)
        shown = _fields(found.get("fields"), columns)
        return cls(ROWS, where, sort, shown, limit, offset, after)


def refuse_sorting(query: Query, rows: int, bounds: Bounds) -> None:
    """Refuse to send a whole table of so many rows in another order than its own.

    Raises:
        TooLarge: it would be sorted, and is longer than what is sorted in memory.
    """
    if query.sort and rows > bounds.sorted:
        raise TooLarge("too_many_to_sort", "sort", given=rows, most=bounds.sorted)


def _where(found: dict[str, Any], columns: Known) -> tuple[Piece, ...]:
    where = filters.conditions(found.get("filters", []), columns, "filters")
    if found.get("q") is not None:
        where += filters.words(found["q"], columns)
    return where + filters.box(found["box"], columns) if found.get("box") is not None else where


def _fields(given: Any, columns: Known) -> tuple[Column, ...]:
    """The columns that are shown; all of them with `_id` unless some are named."""
    if given is None:
        return (columns.column(ID, "fields"), *columns.columns)
    listed = shapes.listed(given, "fields", len(columns.columns) + 1)
    shown = tuple(columns.column(one, f"fields[{n}]") for n, one in enumerate(listed))
    if not shown:
        raise BadQuery("unknown_word", "fields", given="[]", known=ID)
    return shown
