"""The rows of a catalog as one SELECT over the numbers of its rows.

Its texts are constants of the sample, quoted; nothing of it comes from outside.
"""

from collections.abc import Mapping

from ckanext.sdopen.sample.entries.items import data_type
from ckanext.sdopen.sample.tables.generating import places
from ckanext.sdopen.sample.tables.generating.makers import value
from ckanext.sdopen.sample.tables.generating.outline import Outline
from ckanext.sdopen.sample.tables.generating.words import name_of

_TYPES = {"I": "BIGINT", "L": "BOOLEAN", "D": "DATE", "T": "TIMESTAMP"}


def column_type(name: str) -> str:
    """The type of an item's column, as its declared type and length give it.

    >>> column_type("处罚金额")
    'DECIMAL(16,2)'
    """
    kind, length = data_type(name)
    if kind in "NYBF":
        return f"DECIMAL({length})"
    return _TYPES.get(kind, "VARCHAR")


def _numbers(outline: Outline) -> str:
    things = outline.things
    return f"SELECT i, i % {things} AS u, i // {things} AS t FROM range({outline.rows}) r(i)"  # noqa: S608 numbers


def _columns(expressions: Mapping[str, str]) -> str:
    return ", ".join(f"{text} AS {name}" for name, text in expressions.items())


def _with_places(outline: Outline, source: str) -> str:
    numbers, texts = _columns(places.numbers(outline)), _columns(places.shared(outline))
    return f"SELECT *, {texts} FROM (SELECT *, {numbers} FROM ({source}))"  # noqa: S608


def _values(outline: Outline) -> str:
    return ", ".join(
        f"({value(outline, name)})::{column_type(name)} AS {name_of(name)}"
        for name in outline.names
    )


def rows(outline: Outline) -> str:
    """The SELECT of all rows in the order of the key, `_id` dense from 1.

    Only keys and numbers are sorted; the values of a row are made afterwards from its number.
    """
    numbered = _numbers(outline)
    if outline.key:
        order = ", ".join(value(outline, name) for name in outline.key)
        placed = _with_places(outline, numbered)
        numbered = f"SELECT i, u, t FROM ({placed}) ORDER BY {order}"  # noqa: S608
    placed = _with_places(outline, numbered)
    return f"SELECT row_number() OVER () AS _id, {_values(outline)} FROM ({placed})"  # noqa: S608
