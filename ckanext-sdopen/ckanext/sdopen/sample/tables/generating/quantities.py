"""Amounts, counts and measures: within the bounds of their names, in series with a course."""

from ckanext.sdopen.sample.entries.amounts import bounds
from ckanext.sdopen.sample.tables.generating.outline import Outline
from ckanext.sdopen.sample.tables.generating.words import share

# from so many times the lowest on, most values are small
_WIDE = 50


def _course(outline: Outline, name: str) -> str:
    """A number from 0 to 1: a level of the thing's own, a wave over periods, and chance."""
    salt = outline.salt(name)
    level, chance = share("u", salt), share("i", salt + 1)
    return f"(0.1 + 0.6 * {level} + 0.1 * (1 + sin(t * 0.5236)) + 0.1 * {chance})"


def quantity(outline: Outline, name: str) -> str:
    """A number within the bounds that an item of the name has."""
    low, high = bounds(name)
    if outline.period:
        part = _course(outline, name)
    else:
        part = share("u", outline.salt(name))
        if low > 0 and high / low >= _WIDE:
            part = f"pow({part}, 3)"
    return f"({low} + {high - low} * {part})"


def written(outline: Outline, name: str) -> str:
    """A number in an item that is declared as text."""
    return f"round({quantity(outline, name)}, 1)::DECIMAL(18,1)::VARCHAR"
