"""Whole numbers as parameters of an action: `limit`, `offset`, `page`, `count`, seconds."""

from collections.abc import Mapping
from typing import Any

import ckan.plugins.toolkit as tk

# larger ones are no place in a list; PostgreSQL and Solr take them
MOST = 10**9
# Python refuses to read numbers of thousands of digits
_DIGITS = 18


def whole_number(
    given: Mapping[str, Any],
    name: str,
    default: int,
    least: int = 0,
    most: int = MOST,
    capped: bool = False,
) -> int:
    """A whole number among the parameters of an action, by number or text.

    Args:
        given: the parameters.
        name: that of the number; it stands at the error, too.
        default: what counts where it is missing, None or empty.
        least: the smallest that is taken.
        most: the largest that is taken.
        capped: whether a larger one counts as the largest: who asks for more gets all there is.

    Raises:
        ValidationError: it is no whole number of these.
    """
    value = given.get(name)
    text = "" if value is None else str(value).strip()
    if not text:
        return default
    if text.isascii() and text.isdigit() and not isinstance(value, bool):
        number = int(text) if len(text) <= _DIGITS else 10**_DIGITS
        if number > most and capped:
            return most
        if least <= number <= most:
            return number
    raise tk.ValidationError({name: [wanted(least, most)]})


def wanted(least: int, most: int) -> str:
    """The sentence that asks for a whole number."""
    return str(tk._("Give a whole number from {least} to {most}").format(least=least, most=most))
