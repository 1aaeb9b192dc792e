"""Find the header of a sheet: one to three rows, merged or not, columns in any order and name."""

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import pairwise
from typing import Any

from ckanext.sdopen.workbook.columns import Column, folded, form

SEARCHED_ROWS = 30
_DEEPEST = 3
# fewer known columns are no header of ours
_FEWEST = 3
_NUMBERED = re.compile(r"\d+$")


@dataclass(frozen=True)
class Header:
    """Where the header stands and which column of the sheet is which of the form.

    Rows count from 0. `unknown` are headings that the form does not know and `twice` those that
    stand there before, by position; `added` are columns of an earlier check, by heading.
    """

    first_row: int
    last_row: int
    columns: dict[int, Column]
    unknown: dict[int, str] = field(default_factory=dict)
    twice: dict[int, str] = field(default_factory=dict)
    added: dict[str, int] = field(default_factory=dict)

    def position(self, name: str) -> int | None:
        """Where the column of a name stands, None where the sheet has none."""
        return next((place for place, one in self.columns.items() if one.name == name), None)


def _texts(row: Sequence[Any], width: int) -> list[str]:
    texts = [cell.strip() if isinstance(cell, str) else "" for cell in row[:width]]
    return texts + [""] * (width - len(texts))


def _paths(rows: Sequence[Sequence[Any]]) -> list[tuple[str, ...]]:
    """Of each column its headings from above; a merged group stands over all its columns."""
    width = max(len(row) for row in rows)
    levels = [_texts(row, width) for row in rows]
    for upper, lower in pairwise(levels):
        current = ""
        for place in range(width):
            current = upper[place] or (current if lower[place] else "")
            upper[place] = current
    return [tuple(level[place] for level in levels if level[place]) for place in range(width)]


@cache
def _by_name() -> dict[str, tuple[Column, ...]]:
    """{heading: the columns that may bear it}."""
    named: dict[str, list[Column]] = defaultdict(list)
    for column in form().columns:
        for name in column.names | column.names_in_group:
            named[name].append(column)
    return {name: tuple(columns) for name, columns in named.items()}


def _scores(path: tuple[str, ...]) -> dict[Column, int]:
    """{column: how surely a path of headings names it}, 3 under the column's own group."""
    groups = form().groups
    leaf = folded(path[-1])
    above = {folded(text) for text in path[:-1]}
    bare = _NUMBERED.sub("", leaf)
    scores = {}
    for name in dict.fromkeys((leaf, folded("".join(path)), bare)):
        for column in _by_name().get(name, ()):
            if name == bare != leaf and not column.several:
                continue
            if column.group and above & groups[column.group]:
                scores[column] = 3
            elif name in column.names:
                # under another group a shared name may be another column's
                scores.setdefault(column, 1 if column.group and above else 2)
    return scores


def _matched(rows: Sequence[Sequence[Any]], first: int, last: int) -> Header:
    added = form().added
    header = Header(first, last, {})
    scored: list[tuple[int, int, Column]] = []
    named = {place: path for place, path in enumerate(_paths(rows)) if path}
    for place, path in named.items():
        scored += [(score, -place, column) for column, score in _scores(path).items()]
    taken: set[str] = set()
    # the surest first, then from the left
    for _, position, column in sorted(scored, key=lambda one: one[:2], reverse=True):
        place = -position
        if place in header.columns or (column.name in taken and not column.several):
            continue
        header.columns[place] = column
        taken.add(column.name)
    for place, path in named.items():
        leaf = folded(path[-1])
        if place in header.columns:
            continue
        if leaf in added:
            header.added[leaf] = place
        else:
            doubled = any(place == -position for _, position, _ in scored)
            (header.twice if doubled else header.unknown)[place] = " ".join(path)
    return header


def find(rows: Sequence[Sequence[Any]]) -> Header | None:
    """The header among the first rows of a sheet; None where there is none of a catalog.

    Of all places and depths the one that knows most columns counts, the shortest of equals. A
    catalog's header names its title, and at least two columns more.
    """
    best: Header | None = None
    searched = rows[:SEARCHED_ROWS]
    for first in range(len(searched)):
        for depth in range(1, _DEEPEST + 1):
            if first + depth > len(searched):
                break
            header = _matched(searched[first : first + depth], first, first + depth - 1)
            names = {column.name for column in header.columns.values()}
            if "title" not in names or len(header.columns) < _FEWEST:
                continue
            if best is None or len(header.columns) > len(best.columns):
                best = header
    return best
