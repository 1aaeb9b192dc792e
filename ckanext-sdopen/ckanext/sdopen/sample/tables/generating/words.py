"""Expressions of SQL: texts, lists, and draws from them by the hash of a number.

`i` is the number of a row, `u` that of the thing it tells of (the same in all rows of a station),
`t` that of its period, counted backwards from the last one.
"""

from collections.abc import Sequence

_BETWEEN = "|"


def quoted(text: str) -> str:
    """A text as SQL writes it.

    >>> quoted("d'or")
    "'d''or'"
    """
    return "'{}'".format(text.replace("'", "''"))


def name_of(column: str) -> str:
    """The name of a column as SQL writes it.

    >>> name_of("PM2.5浓度")
    '"PM2.5浓度"'
    """
    return '"{}"'.format(column.replace('"', '""'))


def drawn(number: str, salt: int) -> str:
    """A whole number of 64 bits, the same for the same number and salt."""
    return f"hash({number}, {salt})"


def below(count: int | str, number: str, salt: int) -> str:
    """A whole number from 0 to `count` - 1."""
    return f"({drawn(number, salt)} % {count})::BIGINT"


def share(number: str, salt: int) -> str:
    """A number from 0 to 1."""
    return f"(({drawn(number, salt)} % 1000001)::DOUBLE / 1000000)"


def at(values: Sequence[str], index: str) -> str:
    """The value at an index, which is counted from 0."""
    if len(values) == 1:
        return quoted(values[0])
    # one constant, which is planned thirty times faster than a list of many
    return f"string_split({quoted(_BETWEEN.join(values))}, '{_BETWEEN}')[({index}) + 1]"


def one_of(values: Sequence[str], number: str, salt: int) -> str:
    """One of the values, drawn."""
    return at(values, below(len(values), number, salt))


def padded(number: str, count: int) -> str:
    """A number of at most so many digits, with zeros before it.

    >>> padded("u", 3)
    'substr((1000 + u)::VARCHAR, 2)'
    """
    return f"substr(({10**count} + {number})::VARCHAR, 2)"


def digits(number: str, count: int) -> str:
    """A number in at least so many digits; a larger one keeps them all."""
    full = 10**count
    return f"CASE WHEN {number} < {full} THEN {padded(number, count)} ELSE {number}::VARCHAR END"
