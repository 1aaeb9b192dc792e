"""Values of workbooks and JSON as text: days in ISO, whole numbers without `.0`."""

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

# a spreadsheet keeps 15 digits of a number: what has more was a code
LONGEST_NUMBER = 10**15
_SECOND = 1_000_000


def text(value: Any) -> str:
    """A value of a cell as text; NULL is empty."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return number(value)
    if isinstance(value, datetime):
        return _moment(value)
    if isinstance(value, time):
        return str(_whole_second(datetime.combine(date.min, value)).time())
    if isinstance(value, timedelta):
        return _duration(value)
    return str(value)


def number(value: float) -> str:
    """A number without an exponent, to the 15 digits that a spreadsheet keeps."""
    if value.is_integer():
        return str(int(value))
    said = format(value, ".15g")
    return format(Decimal(said), "f") if "e" in said else said


def written(said: str) -> str:
    """A number as a source writes it, its `.0` left out."""
    whole, _, rest = said.partition(".")
    return whole if rest.isdigit() and not rest.strip("0") else said


def _whole_second(value: datetime) -> datetime:
    """The moment to the second where floating point only missed it."""
    rest = value.microsecond
    if rest < _SECOND // 200:
        return value.replace(microsecond=0)
    if rest > _SECOND - _SECOND // 200 and value < datetime.max - timedelta(seconds=1):
        return value.replace(microsecond=0) + timedelta(seconds=1)
    return value


def _moment(value: datetime) -> str:
    value = _whole_second(value)
    return value.isoformat("T") if value.time() != time.min else str(value.date())


def _duration(value: timedelta) -> str:
    seconds = round(value.total_seconds())
    sign, seconds = ("-", -seconds) if seconds < 0 else ("", seconds)
    return f"{sign}{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}"
