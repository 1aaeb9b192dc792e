"""The audit log as a file: one row a line, in the order of time, in constant memory."""

import csv
import datetime
from collections.abc import Iterator
from typing import Any, TextIO

import orjson
from ckan import model
from sqlalchemy import select

from ckanext.sdopen.audit.model import rows

_COLUMNS = [column for column in rows.columns if column.name != "tx"]
_AT_ONCE = 2_000


def _found(since: datetime.datetime, until: datetime.datetime | None) -> Iterator[dict[str, Any]]:
    query = select(*_COLUMNS).where(rows.c.moment >= since.replace(tzinfo=datetime.UTC))
    if until is not None:
        query = query.where(rows.c.moment < until.replace(tzinfo=datetime.UTC))
    with model.meta.engine.connect() as connection:
        streaming = connection.execution_options(stream_results=True, max_row_buffer=_AT_ONCE)
        for row in streaming.execute(query.order_by(rows.c.moment, rows.c.id)):
            yield {str(name): value for name, value in row._mapping.items()}


def write(
    file: TextIO, kind: str, since: datetime.datetime, until: datetime.datetime | None
) -> int:
    """Write the rows from `since` until before `until` as `ndjson` or `csv`; how many they are."""
    count = 0
    table = csv.writer(file)
    if kind == "csv":
        table.writerow([column.name for column in _COLUMNS])
    for row in _found(since, until):
        count += 1
        if kind == "csv":
            table.writerow([_cell(value) for value in row.values()])
        else:
            file.write(orjson.dumps(row).decode() + "\n")
    return count


def _cell(value: Any) -> str:
    """A cell that no spreadsheet takes for a formula."""
    said = orjson.dumps(value).decode() if isinstance(value, dict) else str(value)
    return f"'{said}" if said[:1] in ("=", "+", "-", "@", "\t", "\r") else said
