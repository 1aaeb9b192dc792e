"""What parent and child tell each other, as plain JSON and back."""

from collections.abc import Mapping
from dataclasses import asdict, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from ckanext.sdopen.tables.columns import Column
from ckanext.sdopen.tables.comparing.compare import Side
from ckanext.sdopen.tables.findings.records import (
    CellFinding,
    ColumnFinding,
    Counted,
    Rule,
    Summary,
)
from ckanext.sdopen.tables.making.limits import Limits
from ckanext.sdopen.tables.making.make import Asked, Made
from ckanext.sdopen.tables.versions import Version

Plain = dict[str, Any]


def limits_told(limits: Limits) -> Plain:
    """Limits as JSON."""
    return {**asdict(limits), "folder": str(limits.folder)}


def limits(plain: Mapping[str, Any]) -> Limits:
    """And back."""
    return Limits(**{**plain, "folder": Path(plain["folder"])})


def asked_told(asked: Asked) -> Plain:
    """What is to be made, as JSON."""
    return {
        "table": asked.table,
        "source": dict(asked.source),
        "columns": [[heading, column.as_dict()] for heading, column in asked.columns.items()],
        "findings": [[str(one.rule), one.column] for one in asked.findings],
        "typed": sorted(asked.typed),
    }


def asked(plain: Mapping[str, Any]) -> Asked:
    """And back."""
    return Asked(
        plain["table"],
        plain["source"],
        {heading: Column.from_dict(column) for heading, column in plain["columns"]},
        _column_findings(plain["findings"]),
        frozenset(plain["typed"]),
    )


def _column_findings(plain: Any) -> tuple[ColumnFinding, ...]:
    return tuple(ColumnFinding(Rule(rule), column) for rule, column in plain)


def made_told(made: Made) -> Plain:
    """What was made, as JSON."""
    version, summary = made.version, made.summary
    told = None
    if version is not None:
        columns = [column.as_dict() for column in version.columns]
        told = {**asdict(replace(version, columns=())), "columns": columns}
        told["created"] = version.created.isoformat()
    return {
        "version": told,
        "rows": [summary.rows, summary.left_out, summary.bad_rows],
        "counts": [[str(one.rule), one.column, one.cells] for one in summary.counts],
        "columns": [[str(one.rule), one.column] for one in summary.columns],
        "first": [[one.row, one.column, str(one.rule), one.value] for one in made.first],
    }


def made(plain: Mapping[str, Any]) -> Made:
    """And back."""
    counts = tuple(Counted(Rule(rule), column, cells) for rule, column, cells in plain["counts"])
    rows, left_out, bad_rows = plain["rows"]
    of_columns = _column_findings(plain["columns"])
    summary = Summary(rows, left_out, bad_rows, counts, of_columns)
    first = tuple(CellFinding(row, name, Rule(rule), v) for row, name, rule, v in plain["first"])
    return Made(_version(plain["version"]), summary, first)


def _version(plain: Mapping[str, Any] | None) -> Version | None:
    if plain is None:
        return None
    columns = tuple(Column.from_dict(one) for one in plain["columns"])
    created = datetime.fromisoformat(plain["created"])
    return Version(**{**plain, "columns": columns, "created": created})


def side_told(side: Side) -> Plain:
    """A version that is compared, as JSON."""
    return {"path": str(side.path), "columns": [column.as_dict() for column in side.columns]}


def side(plain: Mapping[str, Any]) -> Side:
    """And back."""
    return Side(Path(plain["path"]), tuple(Column.from_dict(one) for one in plain["columns"]))
