"""The order of rows, total by `_id`, and the mark of the place where a page ended."""

import base64
import binascii
import hashlib
import json
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from ckanext.sdopen.tables.query import known, shapes
from ckanext.sdopen.tables.query.known import ID, Column, Known, Piece, joined, quoted
from ckanext.sdopen.tables.query.refusals import BadQuery, QueryError
from ckanext.sdopen.tables.query.values import value_of

MOST = 16
_BY_ID = Column(ID, known.INTEGER)


class Key(NamedTuple):
    """One column by which rows are ordered; empty values come last either way."""

    column: Column
    descending: bool = False
    pinyin: bool = False

    @property
    def expression(self) -> str:
        """What is compared."""
        name = quoted(self.column.name)
        return f"{name} COLLATE zh_cn" if self.pinyin else name

    @property
    def order(self) -> str:
        """Its part of ORDER BY."""
        return f"{self.expression} {'DESC' if self.descending else 'ASC'} NULLS LAST"


def keys(given: Any, columns: Known) -> tuple[Key, ...]:
    """From `[{"column", "descending"?, "pinyin"?}, …]`; none where rows keep their order.

    Raises:
        QueryError: the order cannot be asked for.
    """
    found = []
    for place, one in enumerate(shapes.listed(given, "sort", MOST)):
        where = f"sort[{place}]"
        said = shapes.with_keys(one, where, ("column", "descending", "pinyin"))
        column = columns.column(said.get("column"), f"{where}.column")
        down = shapes.truth(said.get("descending", False), f"{where}.descending")
        pinyin = shapes.truth(said.get("pinyin", False), f"{where}.pinyin")
        if pinyin and column.kind != known.TEXT:
            raise BadQuery("wrong_kind", f"{where}.pinyin", given=column.name, known="text")
        found.append(Key(column, down, pinyin))
        if column.name == ID:
            break  # no two rows are equal in it
    return () if found == [Key(_BY_ID)] else tuple(found)


def total(order: Sequence[Key]) -> tuple[Key, ...]:
    """The same order with `_id` last, so that no two rows are equal."""
    return tuple(order) if order and order[-1].column.name == ID else (*order, Key(_BY_ID))


def mark(order: Sequence[Key], row: Sequence[Any]) -> str:
    """The mark of the page that ends with a row, from its values of the total order."""
    said = [_plain(value) for value in row]
    text = json.dumps([_print(order), *said], ensure_ascii=False, separators=(",", ":"))
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _plain(value: Any) -> Any:
    """A value as JSON writes it without loss."""
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal) else value


def _print(order: Sequence[Key]) -> str:
    spec = repr([(key.column.name, key.descending, key.pinyin) for key in order])
    return hashlib.sha256(spec.encode()).hexdigest()[:8]


def after(given: Any, order: Sequence[Key]) -> Piece:
    """The rows behind a mark.

    Raises:
        BadQuery: the mark is of another order, or none of ours.
    """
    whole = total(order)
    text = shapes.text(given, "after")
    try:
        said = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
        if said[0] != _print(order) or len(said) != len(whole) + 1:
            raise ValueError(text)
        values = [
            None if value is None else value_of(key.column, value, "after")
            for key, value in zip(whole, said[1:], strict=True)
        ]
    except (
        binascii.Error,
        ValueError,
        TypeError,
        LookupError,
        RecursionError,
        QueryError,
    ) as error:
        raise BadQuery("cursor_foreign", "after") from error
    steps = [
        joined([*map(_same, whole[:place], values), _beyond(whole[place], values[place])], " AND ")
        for place in range(len(whole))
    ]
    either = joined((Piece(f"({step.sql})", step.values) for step in steps), " OR ")
    return Piece(f"({either.sql})", either.values)


def _same(key: Key, value: Any) -> Piece:
    if value is None:
        return Piece(f"{key.expression} IS NULL")
    return Piece(f"{key.expression} = ?", (value,))


def _beyond(key: Key, value: Any) -> Piece:
    """What comes after a value; nothing comes after the empty ones, which come last."""
    if value is None:
        return Piece("false")
    sign = "<" if key.descending else ">"
    if key.column.name == ID:
        return Piece(f"{key.expression} {sign} ?", (value,))
    return Piece(f"({key.expression} {sign} ? OR {key.expression} IS NULL)", (value,))
