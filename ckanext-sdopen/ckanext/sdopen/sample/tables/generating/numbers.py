"""Numbers of things, and codes that no body bears."""

import string

from ckanext.sdopen.sample.tables.generating.outline import Outline
from ckanext.sdopen.sample.tables.generating.words import below, digits, quoted

# GB 32100-2015: the characters of a 统一社会信用代码
_ALPHABET = string.digits + "ABCDEFGHJKLMNPQRTUWXY"


def _check_sum(stem: str, number: str) -> str:
    """The weighted sum of a stem and the eight digits of a number that follow it."""
    fixed = sum(_ALPHABET.index(sign) * pow(3, place, 31) for place, sign in enumerate(stem))
    drawn = (
        f"{number} // {10 ** (7 - place)} % 10 * {pow(3, len(stem) + place, 31)}"
        for place in range(8)
    )
    return f"({fixed} + {' + '.join(drawn)})"


def credit_code(outline: Outline, name: str) -> str:
    """A 统一社会信用代码 whose check character is wrong, so that it is nobody's."""
    # numbers of a table differ from each other up to a hundred million
    number = f"((u * 7919 + {outline.salt(name) % 10**8}) % 100000000)"
    stem = f"91{outline.region}M"
    total = _check_sum(stem, number)
    # one after the character that would be right
    wrong = f"substr({quoted(_ALPHABET)}, ((32 - {total} % 31) % 31 + 1)::BIGINT, 1)"
    return f"({quoted(stem)} || {digits(number, 8)} || {wrong})"


def code(outline: Outline, name: str) -> str:
    """A number of the department's own: region and running number."""
    return f"({quoted(outline.region)} || {digits('(u + 1)', 8)})"


def division_code(outline: Outline, name: str) -> str:
    """A code of twelve digits below the region's own code."""
    return f"({quoted(outline.region)} || {digits('u', 6)})"


def _year(outline: Outline) -> str:
    return f"(2020 + {below(7, 'u', outline.salt('year'))})::VARCHAR"


def document_number(outline: Outline, name: str) -> str:
    """The number of a document with its year."""
    return f"('〔' || {_year(outline)} || '〕第' || (u + 1)::VARCHAR || '号')"


def case_number(outline: Outline, name: str) -> str:
    """The number of a case at a court that does not exist."""
    return f"('（' || {_year(outline)} || '）鲁0000执' || (u + 1)::VARCHAR || '号')"


def standard_number(outline: Outline, name: str) -> str:
    """The number of a standard beyond those that have been given."""
    return f"('DB37/T ' || (900001 + u)::VARCHAR || '-' || {_year(outline)})"


def house_number(outline: Outline, name: str) -> str:
    """The number of a house."""
    return f"((1 + {below(260, 'u', outline.salt('door'))})::VARCHAR || '号')"


def address_on_web(outline: Outline, name: str) -> str:
    """A name of the web that is never given to anyone (RFC 2606)."""
    return f"('https://www.s' || {outline.region} || '-' || (u + 1)::VARCHAR || '.example')"
