"""The answer to a question: rows as JSON, the mark of the next page, bounded in bytes."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import duckdb
import orjson

from ckanext.sdopen.tables.query import sorting
from ckanext.sdopen.tables.query.query import ROWS, Query
from ckanext.sdopen.tables.query.refusals import TooLarge
from ckanext.sdopen.tables.query.statements import Statement

_BLOCK = 1000


def answer(
    cursor: duckdb.DuckDBPyConnection, query: Query, statement: Statement, most: int
) -> bytes:
    """Run a statement and write `{"columns": […], "rows": [[…], …], "more": …, "after": …}`.

    Dates are ISO texts, decimals keep their digits, `after` is null where nothing follows.

    Raises:
        TooLarge: the answer has more than so many bytes.
        duckdb.Error: it cannot be run.
    """
    cursor.execute(statement.sql, statement.values)
    width, left, size = len(statement.names), statement.limit, 0
    blocks: list[bytes] = []
    last: Sequence[Any] = ()
    while left and (rows := cursor.fetchmany(min(_BLOCK, left))):
        left, last = left - len(rows), rows[-1]
        blocks.append(_json([row[:width] for row in rows])[1:-1])
        size += len(blocks[-1])
        if size > most:
            raise TooLarge("answer_too_large", most=most)
    more = cursor.fetchone() is not None
    after = sorting.mark(query.sort, last[width:]) if more and last and query.ask == ROWS else None
    head, tail = {"columns": list(statement.names)}, {"more": more, "after": after}
    rows_text = b"[" + b",".join(blocks) + b"]"
    return _json(head)[:-1] + b',"rows":' + rows_text + b"," + _json(tail)[1:]


def _json(value: Any) -> bytes:
    return orjson.dumps(value, default=_other)


def _other(value: Any) -> Any:
    # a JSON number with all its digits
    return orjson.Fragment(str(value)) if isinstance(value, Decimal) else str(value)
