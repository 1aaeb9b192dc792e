"""What was found: in a cell, in a column, how often."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from ckanext.sdopen.tables.columns import Column
from ckanext.sdopen.tables.findings.sentences import say


class Rule(StrEnum):
    """What a finding breaks; its sentences stand in messages.yaml under the same name."""

    # of a cell
    NUMBER = "not_number"
    INTEGER = "not_integer"
    DATE = "not_date"
    DATETIME = "not_datetime"
    BOOLEAN = "not_boolean"
    SCALE = "wrong_scale"
    LENGTH = "too_long"
    RANGE = "out_of_range"
    CODE = "not_in_codes"
    EMPTY = "empty"
    # of a row, which is left out
    KEY_EMPTY = "key_empty"
    KEY_TWICE = "key_twice"
    WIDTH = "wrong_width"
    # of a column
    UNKNOWN = "unknown_column"
    MISSING = "missing_item"
    TWICE = "item_twice"


# a range is said by the kind of the column
_OF_KIND = frozenset({"out_of_range_integer", "out_of_range_number"})


@dataclass(frozen=True, slots=True)
class ColumnFinding:
    """A column that no item declares, or an item that no column has."""

    rule: Rule
    column: str

    def sentence(self, lang: str) -> str:
        """What is wrong and what to do, in `zh` or `en`."""
        return say(self.rule, lang, column=self.column)


@dataclass(frozen=True, slots=True)
class CellFinding:
    """A cell: `row` counts the rows of the source file, `value` is shortened, None where empty."""

    row: int
    column: str
    rule: Rule
    value: str | None


@dataclass(frozen=True, slots=True)
class Counted:
    """How many cells of a column break a rule."""

    rule: Rule
    column: str
    cells: int


def cell_sentence(rule: Rule, column: Column, lang: str) -> str:
    """What is right for a cell of a column that breaks a rule, in `zh` or `en`."""
    lang = "zh" if lang.startswith("zh") else "en"
    digits = (column.length or 0) - (column.scale or 0)
    params = {
        "column": column.name,
        "length": column.length,
        "scale": column.scale,
        "digits": digits if column.is_decimal else min(column.length or 15, 15),
        "codes": ("、" if lang == "zh" else ", ").join(column.codes[:12]),
    }
    code = f"{rule}_{column.kind}"
    return say(code if code in _OF_KIND else rule, lang, **params)


@dataclass(frozen=True, slots=True)
class Summary:
    """All findings of a table, counted: `bad_rows` hold a bad cell or are `left_out`."""

    rows: int
    left_out: int
    bad_rows: int
    counts: tuple[Counted, ...]
    columns: tuple[ColumnFinding, ...] = ()

    @property
    def bad_cells(self) -> int:
        """How many findings of cells there are."""
        return sum(one.cells for one in self.counts)

    @property
    def bad_share(self) -> float:
        """The share of bad rows, in per cent."""
        return 100 * self.bad_rows / self.rows if self.rows else 0.0

    def as_dict(self) -> dict[str, Any]:
        """The summary as JSON holds it."""
        counts = [
            {"rule": str(one.rule), "column": one.column, "cells": one.cells} for one in self.counts
        ]
        columns = [{"rule": str(one.rule), "column": one.column} for one in self.columns]
        rows: Mapping[str, int] = {
            "rows": self.rows,
            "left_out": self.left_out,
            "bad_rows": self.bad_rows,
            "bad_cells": self.bad_cells,
        }
        return {**rows, "counts": counts, "columns": columns}
