"""A difference as CSV: a line for each row that is new or gone, two for one that was changed."""

import csv
import io
from collections.abc import Iterator, Sequence
from typing import Any

import ckan.plugins.toolkit as tk

from ckanext.sdopen.table_publishing.comparing.kept import Kept
from ckanext.sdopen.table_publishing.comparing.pairs import Pair
from ckanext.sdopen.table_publishing.marking.formulas import inert

_LINES = 500


def columns(pair: Pair) -> list[str]:
    """The columns of both versions, those of the newer one first."""
    names = [one.name for version in (pair.after, pair.before) for one in version.columns]
    return list(dict.fromkeys(names))


def lines(pair: Pair, found: Kept) -> Iterator[bytes]:
    """The file in pieces, UTF-8 with a mark; nothing in it is computed by a spreadsheet."""
    names = columns(pair)
    words = {
        ("added", "after"): tk._("Added"),
        ("removed", "before"): tk._("Removed"),
        ("changed", "before"): tk._("Before the change"),
        ("changed", "after"): tk._("After the change"),
    }
    head = _text([[tk._("Change"), tk._("Changed columns"), *names]])
    return _pieces(f"\ufeff{head}", names, words, found)


def _pieces(
    head: str, names: Sequence[str], words: dict[tuple[str, str], str], found: Kept
) -> Iterator[bytes]:
    yield head.encode()
    waiting: list[list[str]] = []
    for row in found.rows():
        for side in ("before", "after"):
            if row[side] is not None:
                cells = [_cell(row[side].get(name)) for name in names]
                waiting.append([words[row["change"], side], "、".join(row["columns"]), *cells])
        if len(waiting) >= _LINES:
            yield _text(waiting).encode()
            waiting = []
    yield _text(waiting).encode()


def _text(rows: Sequence[Sequence[str]]) -> str:
    out = io.StringIO()
    csv.writer(out).writerows([[inert(cell) for cell in row] for row in rows])
    return out.getvalue()


def _cell(value: Any) -> str:
    if value is None:
        return ""
    return str(value).lower() if isinstance(value, bool) else str(value)
