"""Two versions compared: rows by their key with the cells that differ, without a key as a multiset.

DuckDB joins the files by narrow tables and spills what is too much for its memory, so that the
memory does not grow with the tables.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ckanext.sdopen.tables.columns import Column
from ckanext.sdopen.tables.findings.spelling import quoted
from ckanext.sdopen.tables.making.engine import Engine, Watch, engine, unwatched
from ckanext.sdopen.tables.making.limits import Limits
from ckanext.sdopen.tables.making.parquet import ID, identifier

ADDED, REMOVED, CHANGED = "added", "removed", "changed"


@dataclass(frozen=True)
class Side:
    """A version that is compared: its file, and the columns of it that may be told."""

    path: Path
    columns: tuple[Column, ...]

    @property
    def sql(self) -> str:
        """Its rows."""
        return f"read_parquet({quoted(str(self.path))})"


def compare(
    old: Side, new: Side, target: Path, most: int, limits: Limits, watch: Watch = unwatched
) -> dict[str, Any]:
    """What is different between two versions, and the first such rows in a file.

    Args:
        old: the one that counts as before.
        new: the one that counts as after.
        target: the new file, lines of JSON: `{"change": added, removed or changed, "columns": those
            that changed, "before": row or null, "after": row or null}`, in the order of the rows.
        most: how many rows the file tells.
        limits: how much it may take.
        watch: is told how far it is, and raises to end it.

    Returns:
        `{"by": names of the key, "added", "removed", "changed": rows, "cells": {column: changed
        cells}, "columns": {"added", "removed", "retyped": names}, "told": rows in the file}`.

    Raises:
        TableError: it takes more than it may.
    """
    names = [column.name for column in new.columns]
    before = {column.name: column for column in old.columns}
    common = [column for column in new.columns if column.name in before]
    retyped = [one.name for one in common if one.sql_type != before[one.name].sql_type]
    keys = _keys(old, new)
    with engine(limits, watch) as duck:
        duck.part(0.0, 0.7)
        if keys:
            _join_by_key(duck, (old, new), keys, [one.name for one in common], retyped)
        else:
            _join_by_rows(duck, (old, new), [one.name for one in common], retyped)
        counts = dict(duck.run("SELECT change, count(*) FROM different GROUP BY ALL"))
        cells = duck.run(
            "SELECT name, count(*) FROM (SELECT unnest(columns) AS name FROM different) "
            "GROUP BY ALL"
        )
        duck.part(0.7, 1.0)
        told = _write(duck, (old, new), target, most)
    ordered = dict(sorted(cells, key=lambda cell: names.index(cell[0])))
    columns = {
        ADDED: [name for name in names if name not in before],
        REMOVED: [name for name in before if name not in names],
        "retyped": retyped,
    }
    rows = {change: int(counts.get(change, 0)) for change in (ADDED, REMOVED, CHANGED)}
    return {"by": keys, **rows, "cells": ordered, "columns": columns, "told": told}


def _keys(old: Side, new: Side) -> list[str]:
    """The columns by which both versions tell their rows apart; none where they do not agree."""
    keys = [[one.name for one in side.columns if one.key] for side in (old, new)]
    return keys[1] if sorted(keys[0]) == sorted(keys[1]) else []


def _value(side: str, name: str, retyped: Sequence[str]) -> str:
    column = f"{side}.{identifier(name)}"
    return f"{column}::VARCHAR" if name in retyped else column


def _join_by_key(
    duck: Engine,
    sides: tuple[Side, Side],
    keys: Sequence[str],
    common: Sequence[str],
    retyped: Sequence[str],
) -> None:
    """Make the table `different` of the rows that differ, by their numbers in both versions."""
    same = " AND ".join(f"{_value('o', k, retyped)} = {_value('n', k, retyped)}" for k in keys)
    tests = {
        name: f"{_value('o', name, retyped)} IS DISTINCT FROM {_value('n', name, retyped)}"
        for name in common
        if name not in keys
    }
    listed = ", ".join(f"CASE WHEN {test} THEN {quoted(n)} END" for n, test in tests.items())
    changed = f"list_filter([{listed}], lambda x: x IS NOT NULL)" if tests else "[]::VARCHAR[]"
    any_changed = " OR ".join(tests.values()) or "false"
    one_only = f"o.{ID} IS NULL OR n.{ID} IS NULL"
    duck.run(
        "CREATE TEMP TABLE different AS SELECT "
        f"CASE WHEN o.{ID} IS NULL THEN '{ADDED}' WHEN n.{ID} IS NULL THEN '{REMOVED}' "
        f"ELSE '{CHANGED}' END AS change, o.{ID} AS old, n.{ID} AS new, "
        f"CASE WHEN {one_only} THEN []::VARCHAR[] ELSE {changed} END AS columns "
        f"FROM {sides[0].sql} o FULL JOIN {sides[1].sql} n ON {same} "
        f"WHERE {one_only} OR {any_changed}"
    )


def _join_by_rows(
    duck: Engine, sides: tuple[Side, Side], common: Sequence[str], retyped: Sequence[str]
) -> None:
    """The same without a key: of equal rows each counts as often as it stands there."""
    numbered = []
    for side, name in zip(sides, ("old", "new"), strict=True):
        cells = ", ".join(f"{quoted(one)}: {_value('t', one, retyped)}" for one in common)
        # a digest of the row stands for it, so that what is sorted stays narrow
        digest = f"md5_number(to_json({{{cells}}})::VARCHAR)" if common else "0::HUGEINT"
        numbered.append(
            f"(SELECT {ID} AS {name}, digest, "
            f"row_number() OVER (PARTITION BY digest ORDER BY {ID}) AS copy "
            f"FROM (SELECT {ID}, {digest} AS digest FROM {side.sql} t))"
        )
    duck.run(
        "CREATE TEMP TABLE different AS SELECT "
        f"CASE WHEN old IS NULL THEN '{ADDED}' ELSE '{REMOVED}' END AS change, old, new, "
        f"[]::VARCHAR[] AS columns FROM {numbered[0]} FULL JOIN {numbered[1]} "
        "USING (digest, copy) WHERE old IS NULL OR new IS NULL"
    )


def _write(duck: Engine, sides: tuple[Side, Side], target: Path, most: int) -> int:
    """Write the first different rows with their values; how many they are."""
    order = "coalesce(d.new, d.old), d.change"
    first = f"(SELECT * FROM different d ORDER BY {order} LIMIT {int(most)})"
    before, after = (
        f"CASE WHEN d.{name} IS NOT NULL THEN {_row(side, alias)} END AS {said}"
        for side, alias, name, said in zip(
            sides, ("o", "n"), ("old", "new"), ("before", "after"), strict=True
        )
    )
    written = duck.run(
        f"COPY (SELECT d.change, d.columns, {before}, {after} FROM {first} d "
        f"LEFT JOIN {sides[0].sql} o ON o.{ID} = d.old "
        f"LEFT JOIN {sides[1].sql} n ON n.{ID} = d.new ORDER BY {order}) "
        f"TO {quoted(str(target))} (FORMAT json)"
    )
    return int(written[0][0])


def _row(side: Side, alias: str) -> str:
    cells = (f"{quoted(one.name)}: {alias}.{identifier(one.name)}" for one in side.columns)
    return f"{{{', '.join(cells)}}}"
