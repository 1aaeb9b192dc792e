"""A given value as the kind of its column, ready to be bound."""

import math
from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from ckanext.sdopen.tables.query import known, shapes
from ckanext.sdopen.tables.query.known import Column
from ckanext.sdopen.tables.query.refusals import BadQuery, BadValue

# what DuckDB's DECIMAL holds
_DIGITS = 38
_WHOLE = 2**63


def value_of(column: Column, given: Any, where: str) -> Any:
    """What is bound for a value that is compared with a column.

    Raises:
        BadValue: it does not fit the column's kind.
    """
    try:
        return _READERS[column.kind](given, where)
    except BadQuery as error:
        raise BadValue(error.code, error.where, **error.params) from None


def _whole(given: Any, where: str) -> int:
    number = _number(given, where)
    whole = int(number)
    if number != whole or abs(whole) >= _WHOLE:
        least, most = 1 - _WHOLE, _WHOLE - 1
        raise BadValue("not_a_whole_number", where, given=given, least=least, most=most)
    return whole


def _number(given: Any, where: str) -> Decimal | float:
    # a JSON number with a point is what it is; a text keeps its digits
    if isinstance(given, float) and math.isfinite(given):
        return given
    if isinstance(given, int | str) and not isinstance(given, bool) and len(str(given)) <= 64:
        try:
            number = Decimal(given)
        except InvalidOperation:
            number = Decimal("NaN")
        if number.is_finite() and abs(number.adjusted()) <= 300:
            _, digits, exponent = number.as_tuple()
            assert isinstance(exponent, int)  # noqa: S101  it is finite
            fits = len(digits) + abs(exponent) <= _DIGITS
            return number if fits else float(number)
    raise BadValue("not_a_number", where, given=given)


def _date(given: Any, where: str) -> date:
    try:
        return date.fromisoformat(given)
    except (TypeError, ValueError):
        raise BadValue("not_a_date", where, given=given) from None


def _moment(given: Any, where: str) -> datetime:
    try:
        # moments in tables are those of the source's clock
        return datetime.fromisoformat(given).replace(tzinfo=None)
    except (TypeError, ValueError):
        raise BadValue("not_a_moment", where, given=given) from None


def _truth(given: Any, where: str) -> bool:
    words = {"true": True, "false": False}
    return shapes.truth(words.get(given, given) if isinstance(given, str) else given, where)


_READERS: Mapping[str, Callable[[Any, str], Any]] = {
    known.TEXT: shapes.text,
    known.INTEGER: _whole,
    known.NUMBER: _number,
    known.DATE: _date,
    known.MOMENT: _moment,
    known.TRUTH: _truth,
}
