"""A safe guess of the kind of a column that nothing declares: what may be a code stays a text."""

import re
from collections.abc import Iterable
from dataclasses import replace

from ckanext.sdopen.tables.columns import Column, Kind
from ckanext.sdopen.tables.findings import rules
from ckanext.sdopen.tables.findings.spelling import quoted

# no leading zeros, at most 15 digits: beyond, and at a fixed width from 6 on, they are codes
_WHOLE = r"-?(0|[1-9]\d{0,14})"
_NUMBER = r"-?(0|[1-9]\d{0,14}|[1-9]\d{0,2}(,\d{3}){1,4})(\.\d{1,15})?"
_DAY = r"\d{4}(-\d{1,2}-\d{1,2}|/\d{1,2}/\d{1,2}|年\d{1,2}月\d{1,2}日)"
_MOMENT = _DAY + r"[T ]\d{1,2}:\d{2}(:\d{2}(\.\d{1,6})?)?"
_WORD = r"是|否|[Tt]rue|[Ff]alse|TRUE|FALSE"
_PATTERNS = {
    Kind.BOOLEAN: _WORD,
    Kind.DATE: _DAY,
    Kind.DATETIME: _MOMENT,
    Kind.INTEGER: _WHOLE,
    Kind.NUMBER: _NUMBER,
}
_CODE_WIDTH = 6


def likely(column: Column, values: Iterable[str | None]) -> Column:
    """The column with the kind that all of some values have; a text where they have none.

    The whole column must then hold to it, see `breaks`.
    """
    texts = [text for text in values if text is not None]
    for kind, pattern in _PATTERNS.items():
        if texts and all(re.fullmatch(pattern, text) for text in texts):
            return column if _are_codes(kind, texts) else replace(column, kind=kind)
    return column


def _are_codes(kind: Kind, texts: list[str]) -> bool:
    widths = {len(text) for text in texts}
    return kind == Kind.INTEGER and len(widths) == 1 and min(widths) >= _CODE_WIDTH


def breaks(column: Column, raw: str) -> str:
    """SQL that tells whether a text is none of the column's guessed kind."""
    shaped = f"regexp_full_match({raw}, {quoted(_PATTERNS[column.kind])})"
    return f"{raw} IS NOT NULL AND (NOT {shaped} OR {rules.value(column, raw)} IS NULL)"
