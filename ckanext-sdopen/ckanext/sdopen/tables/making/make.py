"""A version from a normalised CSV, or from some columns and rows of an existing version."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from ckanext.sdopen.tables.columns import Column
from ckanext.sdopen.tables.findings.records import CellFinding, ColumnFinding, Summary
from ckanext.sdopen.tables.findings.spelling import quoted
from ckanext.sdopen.tables.making import judging, parquet, staging
from ckanext.sdopen.tables.making.engine import Watch, engine, unwatched
from ckanext.sdopen.tables.making.errors import NotWhole
from ckanext.sdopen.tables.making.limits import Limits
from ckanext.sdopen.tables.versions import Version

_NO_FINDINGS: tuple[ColumnFinding, ...] = ()


@dataclass(frozen=True)
class Made:
    """What came of a file: a version, whose bytes are the part given, or none, and the findings.

    There is none where no row is left, or more rows are bad than may be; then nothing is written
    to the part. `first` are the findings kept one by one.
    """

    version: Version | None
    summary: Summary
    first: tuple[CellFinding, ...]


@dataclass(frozen=True)
class Asked:
    """What is to be made: the table's id, what it is made of, its columns by their headings.

    Headings of the file that are not among `columns` are not read; `findings` are those of columns;
    `typed` are headings whose kinds are not guessed, though no item declares them.
    """

    table: str
    source: Mapping[str, Any]
    columns: Mapping[str, Column]
    findings: tuple[ColumnFinding, ...] = _NO_FINDINGS
    typed: frozenset[str] = frozenset()


def make(
    path: Path, asked: Asked, part: Path, found: Path, limits: Limits, watch: Watch = unwatched
) -> Made:
    """Make a version of a normalised CSV.

    Args:
        path: the file.
        asked: what is to be made of it.
        part: where the bytes of the version are written.
        found: where all findings are written, as CSV.
        limits: how much it may take, and how many bad rows it may have.
        watch: is told how far it is, and raises to end it.

    Raises:
        TableError: it cannot be made; the part holds nothing of use.
    """
    with engine(limits, watch) as duck:
        duck.part(0.0, 0.1)
        source = staging.Source(path, staging.headings_of(path), asked.columns)
        source = replace(source, columns=staging.guessed(duck, source, asked.typed))
        columns = tuple(source.columns.values())
        duck.part(0.1, 0.5)
        staging.stage(duck, source)
        duck.part(0.5, 0.6)
        judging.judge(duck, columns)
        summary = judging.summary(duck, columns, asked.findings)
        judging.write_csv(duck, columns, found)
        first = judging.first(duck, columns)
        kept = summary.rows - summary.left_out
        if not kept or summary.bad_share > limits.bad_percent:
            return Made(None, summary, first)
        duck.part(0.6, 1.0)
        written = parquet.write(duck, _sorted(columns), columns, part)
        if written != kept:
            raise NotWhole(expected=kept, found=written)
    return Made(_version(asked.table, asked.source, columns, part, written), summary, first)


def _sorted(columns: Sequence[Column]) -> str:
    """SQL of the staged rows that stay, by their key; without one in the order of the source."""
    values = ", ".join(f"v{number}" for number in range(len(columns)))
    keys = [f"v{number}" for number, column in enumerate(columns) if column.key]
    order = ", ".join([*keys, staging.ROW])
    out = f"{staging.ROW} IN (SELECT {staging.ROW} FROM left_out)"
    return f"SELECT {values} FROM staged WHERE NOT {out} ORDER BY {order}"


def _version(
    table: str, source: Mapping[str, Any], columns: tuple[Column, ...], part: Path, rows: int
) -> Version:
    written, digest = part.stat(), parquet.content_hash(part)
    made = datetime.fromtimestamp(written.st_mtime, UTC)
    return Version(table, digest, rows, written.st_size, columns, made, source)


@dataclass(frozen=True)
class Rows:
    """Which rows: a condition over the columns of the whole version, and the values bound to it.

    The condition is SQL of ours (`tables/query` writes it), never a caller's text. It may ask for
    columns that are not given.
    """

    condition: str = "true"
    values: Sequence[object] = ()


def derive(
    path: Path,
    whole: Version,
    names: Sequence[str],
    rows: Rows,
    part: Path,
    limits: Limits,
    watch: Watch = unwatched,
) -> Version:
    """Make a version of some columns and rows of a version, numbered anew.

    Nothing of the other columns stands in the file, its footer or the order of its rows: where a
    column of the key is left out, the rows are sorted by those that are given.

    Args:
        path: the file of the version.
        whole: the version.
        names: the columns that are given, in any order.
        rows: which rows are given.
        part: where the bytes are written.
        limits: how much it may take.
        watch: is told how far it is, and raises to end it.
    """
    given = tuple(column for column in whole.columns if column.name in set(names))
    keys = [column for column in whole.columns if column.key]
    if all(key in given for key in keys):
        order = [parquet.ID]
    else:
        given = tuple(replace(column, key=False) for column in given)
        order = [parquet.identifier(column.name) for column in given]
    named = ", ".join(parquet.identifier(column.name) for column in given)
    chosen = (
        f"SELECT {named} FROM read_parquet({quoted(str(path))}) "
        f"WHERE {rows.condition} ORDER BY {', '.join(order)}"
    )
    with engine(limits, watch) as duck:
        written = parquet.write(duck, chosen, given, part, rows.values)
    source = {**whole.source, "version": whole.hash}
    return _version(whole.table, source, given, part, written)
