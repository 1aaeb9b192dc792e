"""Rows in groups: by columns, or by the month or year of a date, with counts, sums and averages."""

from typing import Any, NamedTuple

from ckanext.sdopen.tables.query import known, shapes
from ckanext.sdopen.tables.query.known import Column, Known, quoted
from ckanext.sdopen.tables.query.refusals import BadQuery

MOST_BY, MOST_MEASURES = 4, 16
PARTS = ("month", "year")
COUNT, OF_NUMBERS, OF_ANY = "count", ("sum", "avg"), ("min", "max")
MEASURES = (COUNT, *OF_NUMBERS, *OF_ANY)
DEFAULT = 1000


class By(NamedTuple):
    """What groups rows: a column, or a part of its date."""

    column: Column
    part: str = ""

    @property
    def name(self) -> str:
        """Its name in the answer."""
        return f"{self.part}({self.column.name})" if self.part else self.column.name

    @property
    def inner(self) -> str:
        """What rows are put together by."""
        name = quoted(self.column.name)
        # numbers are put together four times as fast as their texts
        parts = {"year": f"year({name})", "month": f"year({name}) * 100 + month({name})"}
        return parts.get(self.part, name)

    def outer(self, name: str) -> str:
        """What is shown of a group: `2024-05` of a month."""
        if self.part == "month":
            return f"printf('%04d-%02d', {name} // 100, {name} % 100)"
        return name


class Measure(NamedTuple):
    """What is told of a group."""

    operation: str
    column: Column | None = None

    @property
    def name(self) -> str:
        """Its name in the answer."""
        return f"{self.operation}({self.column.name})" if self.column else self.operation

    @property
    def expression(self) -> str:
        """The SQL; a count of a column leaves out its empty values."""
        name = quoted(self.column.name) if self.column else "*"
        made = f"{self.operation}({name})"
        whole = self.column is not None and self.column.kind == known.INTEGER
        # the sum of many whole numbers is wider than they
        return f"{made}::DECIMAL(38, 0)" if self.operation == "sum" and whole else made


class Grouping(NamedTuple):
    """By what, what of each group, in which order and how many; `largest` names a measure."""

    by: tuple[By, ...]
    measures: tuple[Measure, ...]
    largest: int | None
    limit: int

    @property
    def names(self) -> list[str]:
        """The columns of the answer."""
        return [one.name for one in self.by] + [one.name for one in self.measures]

    @property
    def order(self) -> str:
        """ORDER BY of the groups: by the largest measure where one is named, else as they are."""
        groups = [f"g{place} ASC NULLS LAST" for place in range(len(self.by))]
        first = [] if self.largest is None else [f"m{self.largest} DESC NULLS LAST"]
        return ", ".join([*first, *groups]) or "1"


def facet(given: Any, columns: Known, most: int) -> Grouping:
    """The values of a column with their counts, the most frequent first.

    From `{"column", "limit"?}`.
    """
    found = shapes.with_keys(given, "values", ("column", "limit"))
    column = columns.column(found.get("column"), "values.column")
    limit = shapes.whole(found.get("limit", min(DEFAULT, most)), "values.limit", 1, most)
    return Grouping((By(column),), (Measure(COUNT),), 0, limit)


def grouping(given: Any, columns: Known, most: int) -> Grouping:
    """From `{"by": [{"column", "part"?}], "measures": [{"op", "column"?}], "largest"?, "limit"?}`.

    Raises:
        QueryError: it cannot be asked.
    """
    found = shapes.with_keys(given, "groups", ("by", "measures", "largest", "limit"))
    by = shapes.listed(found.get("by", []), "groups.by", MOST_BY)
    told = shapes.listed(found.get("measures", [{"op": COUNT}]), "groups.measures", MOST_MEASURES)
    measures = tuple(_measure(one, columns, f"groups.measures[{n}]") for n, one in enumerate(told))
    if not measures:
        raise BadQuery("unknown_word", "groups.measures", given="[]", known=", ".join(MEASURES))
    largest = found.get("largest")
    if largest is not None:
        largest = shapes.whole(largest, "groups.largest", 0, len(measures) - 1)
    limit = shapes.whole(found.get("limit", min(DEFAULT, most)), "groups.limit", 1, most)
    groups = tuple(_by(one, columns, f"groups.by[{n}]") for n, one in enumerate(by))
    return Grouping(groups, measures, largest, limit)


def _by(given: Any, columns: Known, where: str) -> By:
    found = shapes.with_keys(given, where, ("column", "part"))
    column = columns.column(found.get("column"), f"{where}.column")
    if "part" not in found:
        return By(column)
    part = shapes.word(found["part"], f"{where}.part", PARTS)
    if column.kind not in known.DATES:
        raise BadQuery("wrong_kind", f"{where}.part", given=column.name, known="dates")
    return By(column, part)


def _measure(given: Any, columns: Known, where: str) -> Measure:
    found = shapes.with_keys(given, where, ("op", "column"))
    operation = shapes.word(found.get("op"), f"{where}.op", MEASURES)
    if operation == COUNT and found.get("column") is None:
        return Measure(COUNT)
    column = columns.column(found.get("column"), f"{where}.column")
    if operation in OF_NUMBERS and column.kind not in known.NUMBERS:
        raise BadQuery("wrong_kind", f"{where}.op", given=column.name, known="numbers")
    if operation in OF_ANY and column.kind == known.TRUTH:
        raise BadQuery("wrong_kind", f"{where}.op", given=column.name, known="numbers")
    return Measure(operation, column)
