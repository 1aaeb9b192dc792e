"""Conditions on rows: one column and one value, words in any text, a box on the map."""

from typing import Any

from ckanext.sdopen.tables.query import known, shapes
from ckanext.sdopen.tables.query.known import Column, Known, Piece, joined, quoted
from ckanext.sdopen.tables.query.refusals import BadQuery
from ckanext.sdopen.tables.query.values import value_of

MOST, MOST_VALUES, MOST_WORDS = 100, 1000, 16
_SIGNS = {"eq": "=", "ne": "<>", "gt": ">", "gte": ">=", "lt": "<", "lte": "<="}
_BARE = {"null": "IS NULL", "not_null": "IS NOT NULL"}
OPERATORS = (*_SIGNS, "in", "contains", *_BARE)
# members of which all or any hold, and how deep they may be nested
_TOGETHER = {"all": " AND ", "any": " OR "}
MOST_DEEP = 10
_EMPTY = {"all": Piece("true"), "any": Piece("false")}


def conditions(given: Any, columns: Known, where: str) -> tuple[Piece, ...]:
    """From `[{"column", "op", "value"}, …]`, all of which hold.

    In the place of one may stand `{"any": […]}` or `{"all": […]}` with conditions of their own.

    Raises:
        QueryError: one cannot be asked; the error says which.
    """
    return _members(given, columns, where, MOST_DEEP)


def _members(given: Any, columns: Known, where: str, deep: int) -> tuple[Piece, ...]:
    found = shapes.listed(given, where, MOST if deep else 0)
    return tuple(
        _condition(one, columns, f"{where}[{place}]", deep) for place, one in enumerate(found)
    )


def _condition(given: Any, columns: Known, where: str, deep: int) -> Piece:
    together = next((one for one in _TOGETHER if isinstance(given, dict) and one in given), None)
    if together is not None:
        return _nested(given, together, columns, where, deep)
    found = shapes.with_keys(given, where, ("column", "op", "value"))
    column = columns.column(found.get("column"), f"{where}.column")
    operator = shapes.word(found.get("op", "eq"), f"{where}.op", OPERATORS)
    name, here, value = quoted(column.name), f"{where}.value", found.get("value")
    if operator in _BARE:
        return Piece(f"{name} {_BARE[operator]}")
    if operator == "contains":
        if column.kind != known.TEXT:
            raise BadQuery("wrong_kind", f"{where}.op", given=column.name, known="text")
        return contains(column, shapes.text(value, here))
    if operator == "in":
        values = shapes.listed(value, here, MOST_VALUES)
        bound = tuple(value_of(column, one, f"{here}[{n}]") for n, one in enumerate(values))
        # an empty list is of no row
        return (
            Piece(f"{name} IN ({', '.join('?' * len(bound))})", bound) if bound else Piece("false")
        )
    return Piece(f"{name} {_SIGNS[operator]} ?", (value_of(column, value, here),))


def _nested(given: Any, together: str, columns: Known, where: str, deep: int) -> Piece:
    members = shapes.with_keys(given, where, (together,))[together]
    found = _members(members, columns, f"{where}.{together}", deep - 1)
    # of no members all hold, and none does
    all_or_any = joined(found, _TOGETHER[together])
    return Piece(f"({all_or_any.sql})", all_or_any.values) if found else _EMPTY[together]


def contains(column: Column, part: str) -> Piece:
    """Rows whose text has a part, whatever the case of its Latin letters."""
    name = quoted(column.name)
    lower = part.lower()
    if lower == part.upper():
        # without letters of two cases, as most Chinese is, half the work
        return Piece(f"contains({name}, ?)", (part,))
    return Piece(f"contains(lower({name}), ?)", (lower,))


def words(given: Any, columns: Known) -> tuple[Piece, ...]:
    """Each word of a free text stands in some column of text."""
    found = shapes.text(given, "q").split()
    if len(found) > MOST_WORDS:
        raise BadQuery("not_a_list", "q", most=MOST_WORDS)
    return tuple(_somewhere(word, columns.texts()) for word in found)


def _somewhere(word: str, columns: tuple[Column, ...]) -> Piece:
    if not columns:
        return Piece("false")
    either = joined((contains(column, word) for column in columns), " OR ")
    return Piece(f"({either.sql})", either.values)


def box(given: Any, columns: Known) -> tuple[Piece, ...]:
    """Rows whose point lies in `{"longitude", "latitude", "bounds": [west, south, east, north]}`.

    A box whose west is greater than its east crosses the date line.
    """
    found = shapes.with_keys(given, "box", ("longitude", "latitude", "bounds"))
    sides = [columns.column(found.get(side), f"box.{side}") for side in ("longitude", "latitude")]
    for side, column in zip(("longitude", "latitude"), sides, strict=True):
        if column.kind not in known.NUMBERS:
            raise BadQuery("wrong_kind", f"box.{side}", given=column.name, known="numbers")
    bounds = shapes.listed(found.get("bounds"), "box.bounds", 4)
    if len(bounds) != 4:
        raise BadQuery("not_a_list", "box.bounds", most=4)
    number = Column("", known.NUMBER)
    west, south, east, north = (
        value_of(number, one, f"box.bounds[{n}]") for n, one in enumerate(bounds)
    )
    longitude, latitude = (quoted(column.name) for column in sides)
    across = f"{longitude} BETWEEN ? AND ?"
    if west > east:
        across = f"({longitude} >= ? OR {longitude} <= ?)"
    return Piece(across, (west, east)), Piece(f"{latitude} BETWEEN ? AND ?", (south, north))
