"""The rows of a normalised CSV, typed and judged in one reading, in a table of DuckDB.

The table `staged` has `_row`, a column `v0`, `v1` … for each value, and `bad`: what is wrong in the
row as a list of `(number of the column, rule, value)`, NULL where nothing is.
"""

import csv
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from ckanext.sdopen.tables.columns import Column
from ckanext.sdopen.tables.findings import rules
from ckanext.sdopen.tables.findings.spelling import quoted
from ckanext.sdopen.tables.making.engine import Engine
from ckanext.sdopen.tables.making.errors import Unreadable
from ckanext.sdopen.tables.typing import guess

ROW = "_row"
SHOWN = 100
_SAMPLE = 2_000
_LONGEST_LINE = 16 << 20


@dataclass(frozen=True)
class Source:
    """A normalised CSV: its path, all its headings, and the columns that are taken of it."""

    path: Path
    headings: tuple[str, ...]
    columns: Mapping[str, Column]

    def raw(self, heading: str) -> str:
        """The column of the source as SQL names it."""
        return f"r{self.headings.index(heading)}"

    def sql(self, rejects: bool = False) -> str:
        """The file as SQL reads it, all texts; what is no row is passed over, or kept apart."""
        named = ", ".join(f"'r{number}': 'VARCHAR'" for number in range(len(self.headings)))
        return (
            f"read_csv({quoted(str(self.path))}, auto_detect=false, header=true, delim=',', "
            "quote='\"', escape='\"', new_line='\\n', nullstr='', allow_quoted_nulls=false, "
            f"max_line_size={_LONGEST_LINE}, columns={{{named}}}, ignore_errors=true, "
            f"store_rejects={str(rejects).lower()}, rejects_limit=0)"
        )


def headings_of(path: Path) -> tuple[str, ...]:
    """The headings of a normalised CSV, `_row` first.

    Raises:
        Unreadable: it has none.
    """
    with path.open(encoding="utf-8", newline="") as file:
        found = tuple(next(csv.reader(file), ()))
    if found[:1] != (ROW,):
        raise Unreadable(why="no _row")
    return found


def guessed(engine: Engine, source: Source, typed: Collection[str] = ()) -> dict[str, Column]:
    """The columns, the undeclared ones with the kind that all their values have.

    Those of `typed` headings stay as they are.
    """
    open_ones = [
        heading
        for heading, column in source.columns.items()
        if not column.declared and heading not in typed
    ]
    if not open_ones:
        return dict(source.columns)
    raws = ", ".join(source.raw(heading) for heading in open_ones)
    sample = engine.run(f"SELECT {raws} FROM {source.sql()} LIMIT {_SAMPLE}")
    likely = {
        heading: guess.likely(source.columns[heading], (row[place] for row in sample))
        for place, heading in enumerate(open_ones)
    }
    found = {heading: one for heading, one in likely.items() if one.kind != "text"}
    if found:
        tests = (guess.breaks(column, source.raw(h)) for h, column in found.items())
        counts = ", ".join(f"count_if({test})" for test in tests)
        broken = engine.run(f"SELECT {counts} FROM {source.sql()}")[0]
        kept = {h: one for (h, one), bad in zip(found.items(), broken, strict=True) if not bad}
        return {**source.columns, **kept}
    return dict(source.columns)


def stage(engine: Engine, source: Source) -> None:
    """Read the file into the table `staged`; what is no row of it stands in `reject_errors`."""
    columns = list(source.columns.items())
    raws = [source.raw(heading) for heading, _ in columns]
    values = [rules.value(column, raw) for (_, column), raw in zip(columns, raws, strict=True)]
    named = ", ".join(f"{value} AS v{number}" for number, value in enumerate(values))
    read = f"SELECT r0, {', '.join(dict.fromkeys(raws))}, {named} FROM {source.sql(rejects=True)}"
    kept = ", ".join(f"v{number}" for number in range(len(columns)))
    bad = _bad([column for _, column in columns], raws)
    engine.run(
        f"CREATE TEMP TABLE staged AS SELECT CAST(r0 AS BIGINT) AS {ROW}, {kept}, "
        f"{bad} AS bad FROM ({read})"
    )


def _bad(columns: Sequence[Column], raws: Sequence[str]) -> str:
    """SQL of the list of what is wrong in a row; nothing is made of a row that is right."""
    tests = [
        (number, rules.is_bad(column, raw, f"v{number}"), rules.broken(column, raw), raw)
        for number, (column, raw) in enumerate(zip(columns, raws, strict=True))
    ]
    found = [
        f"CASE WHEN {test} THEN {{'place': {number}, 'rule': {rule}, "
        f"'value': left({raw}, {SHOWN})}} END"
        for number, test, rule, raw in tests
        if test != "false"
    ]
    if not found:
        return "NULL::STRUCT(place INTEGER, rule VARCHAR, value VARCHAR)[]"
    any_bad = " OR ".join(f"({test})" for _, test, _, _ in tests if test != "false")
    return (
        f"CASE WHEN {any_bad} THEN list_filter([{', '.join(found)}], lambda x: x IS NOT NULL) END"
    )
