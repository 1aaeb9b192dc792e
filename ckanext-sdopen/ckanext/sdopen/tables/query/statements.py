"""The SQL of a question: names are declared ones, values are bound, limits are numbers of ours."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ckanext.sdopen.tables.query import known, sorting
from ckanext.sdopen.tables.query.grouping import Grouping
from ckanext.sdopen.tables.query.known import ID, Column, Piece, joined, quoted
from ckanext.sdopen.tables.query.query import COUNT, Query
from ckanext.sdopen.tables.query.source import Source


@dataclass(frozen=True)
class Statement:
    """SQL with its values; the first columns of its rows are those of the answer.

    It asks for one row more than `limit`, which tells whether there are more; behind the columns of
    the answer stand the values of the order, for the mark of the next page.
    """

    sql: str
    values: tuple[object, ...]
    names: Sequence[str]
    limit: int


def statement(query: Query, source: Source, path: str) -> Statement:
    """The SQL of a question to the file at a path."""
    inner = source.innermost(path)
    if query.group is not None:
        return _groups(query, query.group, inner)
    if query.ask == COUNT:
        counted = joined([Piece("SELECT count(*) FROM"), inner, _where(query.where)], " ")
        return Statement(*counted, names=["count"], limit=1)
    order = sorting.total(query.sort)
    behind = [quoted(key.column.name) for key in order]
    shown = [quoted(column.name) for column in query.fields]
    head = Piece(f"SELECT {', '.join([*shown, *behind])} FROM")
    names = [column.name for column in query.fields]
    return Statement(*joined([head, inner, *_page(query, source)], " "), names, query.limit)


def _page(query: Query, source: Source) -> list[Piece]:
    """WHERE, ORDER BY and LIMIT of a page."""
    most = query.limit + 1
    bare = not (query.where or query.sort or query.after or source.row_filter)
    if bare:
        # a file is numbered densely: the page lies in one or two groups of its rows
        return [_where((Piece(f"{quoted(ID)} BETWEEN ? AND ?", _span(query)),))]
    where = _where((*query.where, *((query.after,) if query.after else ())))
    order = ", ".join(key.order for key in sorting.total(query.sort)) if query.sort else ""
    # without ORDER BY rows come as they stand in the file, and reading ends with the page
    sorted_by = f"ORDER BY {order} " if order else ""
    return [where, Piece(f"{sorted_by}LIMIT {most} OFFSET {query.offset}")]


def _span(query: Query) -> tuple[int, int]:
    return query.offset + 1, query.offset + query.limit + 1


def _groups(query: Query, group: Grouping, inner: Piece) -> Statement:
    by = [f"{one.inner} AS g{place}" for place, one in enumerate(group.by)]
    told = [f"{one.expression} AS m{place}" for place, one in enumerate(group.measures)]
    shown = [one.outer(f"g{place}") for place, one in enumerate(group.by)]
    shown += [f"m{place}" for place in range(len(group.measures))]
    grouped = f"GROUP BY {', '.join(str(n + 1) for n in range(len(by)))}" if by else ""
    made = joined(
        [
            Piece(f"SELECT {', '.join(shown)}"),
            Piece(f"FROM (SELECT {', '.join([*by, *told])}"),
            Piece("FROM"),
            inner,
            _where(query.where),
            Piece(f"{grouped}) AS g ORDER BY {group.order} LIMIT {group.limit + 1}"),
        ],
        " ",
    )
    return Statement(*made, names=group.names, limit=group.limit)


def _where(pieces: Iterable[Piece]) -> Piece:
    all_of = joined(pieces, " AND ")
    return Piece(f"WHERE {all_of.sql}", all_of.values) if all_of.sql else Piece("")


def export(query: Query, source: Source, path: str, *, safe: bool) -> Piece:
    """The SELECT of all rows of a question, for a file; the page of the question does not count.

    Args:
        query: of rows.
        source: of what.
        path: the version's file.
        safe: put `'` before texts that a spreadsheet would compute.
    """
    shown = [_cell(column, safe) for column in query.fields]
    order = ", ".join(key.order for key in sorting.total(query.sort)) if query.sort else ""
    last = Piece(f"ORDER BY {order}" if order else "")
    head = Piece(f"SELECT {', '.join(shown)} FROM")
    return joined([head, source.innermost(path), _where(query.where), last], " ")


def _cell(column: Column, safe: bool) -> str:
    name = quoted(column.name)
    if not safe:
        return name
    heading = quoted(_harmless(column.name))
    if column.kind != known.TEXT:
        return f"{name} AS {heading}"
    begins = f"left({name}, 1) IN ('=', '+', '-', '@', chr(9), chr(13))"
    # a number stays one
    computed = f"{begins} AND TRY_CAST({name} AS DOUBLE) IS NULL"
    return f"CASE WHEN {computed} THEN '''' || {name} ELSE {name} END AS {heading}"


def _harmless(name: str) -> str:
    return f"'{name}" if name.startswith(("=", "+", "-", "@", "\t", "\r")) else name
