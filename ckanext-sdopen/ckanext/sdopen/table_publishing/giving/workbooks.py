"""A table as a workbook of Excel: rows, items, source; made while the request waits."""

import tempfile
from collections.abc import Iterable, Iterator
from itertools import chain, islice
from typing import IO, Any

import ckan.plugins.toolkit as tk
import flask
import orjson
from werkzeug.utils import send_file

from ckanext.sdopen.errors import SdopenError
from ckanext.sdopen.standard import file_types
from ckanext.sdopen.table_publishing import reading, totals
from ckanext.sdopen.table_publishing.giving import addresses, sheets_of_rows
from ckanext.sdopen.table_publishing.giving.asked import Asked
from ckanext.sdopen.table_publishing.giving.found import Found
from ckanext.sdopen.table_publishing.giving.kept import Kept
from ckanext.sdopen.tables import reader_client

# Excel's own bound, with the heading
_MOST_ROWS = (1 << 20) - 1


class TooLarge(SdopenError):
    """The workbook would have more cells than are made while somebody waits; take the CSV."""


def most_cells() -> int:
    """The setting `ckanext.sdopen.tables.workbook_cells`."""
    return int(tk.config["ckanext.sdopen.tables.workbook_cells"])


def fits(rows: int, columns: int) -> bool:
    """Whether a table of these sizes is given as a workbook."""
    return rows <= _MOST_ROWS and rows * columns <= most_cells()


def answer(found: Found, question: Asked) -> Kept:
    """The workbook of what a question finds.

    Raises:
        TooLarge: it would have too many cells.
        QueryError, ValidationError: the reader refuses the question.
        TableReaderAway: it does not answer.
    """
    rows = totals.total(found.version, question.narrowing)
    if not fits(rows, len(question.columns)):
        message = tk._(
            "A workbook holds up to {most} cells, this would have {rows} rows of {columns} "
            "columns; take the CSV: {address}"
        )
        csv = addresses.file(found, "csv", question.pairs)
        size = {"rows": rows, "columns": len(question.columns), "most": most_cells()}
        raise TooLarge(message.format(address=csv, **size))
    # closed, and so gone, with the answer
    file = tempfile.TemporaryFile()  # noqa: SIM115
    if flask.request.method != "HEAD":
        _write(file, found, question, rows)
    file.seek(0)
    made = send_file(
        file,
        flask.request.environ,
        mimetype=file_types.mimetype("x.xlsx"),
        response_class=Kept,
        conditional=False,
    )
    assert isinstance(made, Kept)  # noqa: S101  the class that was asked for
    return made


def _write(file: IO[bytes], found: Found, question: Asked, rows: int) -> None:
    version = reading.readable(found.version)
    with reader_client.export(version, question.rows, "jsonl", safe=False) as blocks:
        values = (orjson.loads(line) for line in _lines(blocks))
        first = list(islice(values, sheets_of_rows.LOOKED_AT))
        whole: Iterable[dict[str, Any]] = chain(first, values)
        sheets_of_rows.write(file, found, question.columns, first, whole, rows)


def _lines(blocks: Iterable[bytes]) -> Iterator[bytes]:
    rest = b""
    for block in blocks:
        *lines, rest = (rest + block).split(b"\n")
        yield from lines
    if rest:
        yield rest
