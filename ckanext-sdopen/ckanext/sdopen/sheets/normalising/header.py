"""Find the header of a sheet of any kind: below titles, one to four rows, merged or not."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median_high

from ckanext.sdopen.sheets import texts
from ckanext.sdopen.sheets.grid import Row
from ckanext.sdopen.sheets.xlsx.rows_xml import Merge

SEARCHED_ROWS = 30
_DEEPEST = 4
# a row that fills less of what rows fill otherwise is a title or a remark
_LEAST_SHARE = 0.6
_LONGEST_HEADING = 200
_NUMBER = re.compile(r"[-+]?[\d,]*\.?\d+%?|\d{4}[-/.年]\d{1,2}.*|\d{1,2}:\d{2}.*")
_YEAR = re.compile(r"(?:19|20)\d\d年?")
_UNIT = re.compile(r"[（(\[【].{1,20}[)）\]】]|单位[:：].*")
_SAYS = re.compile(r".+[:：].+")


@dataclass(frozen=True)
class Header:
    """Where a header stands among the first rows, from 0, and the name of each column.

    `first` is -1 where there is none; then `names` are empty.
    """

    first: int
    depth: int
    names: tuple[str, ...]


def find(
    rows: Sequence[Row], numbers: Sequence[int], merges: Sequence[Merge], expected: Collection[str]
) -> Header:
    """The header among the first rows of a sheet.

    Args:
        rows: the first rows; their length shows how much a row fills.
        numbers: the numbers of the rows, from 1.
        expected: names of columns that are known; the row that holds most of them counts.
    """
    wanted = {texts.key(name) for name in expected}
    first = _known(rows, wanted)
    if first < 0:
        first = _first_of_full_rows(rows)
    if first < 0:
        return Header(-1, 0, ())
    while first and _is_above(rows[first - 1], rows[first]):
        first -= 1
    depth = _depth(rows, numbers, first, merges)
    return Header(first, depth, _names(rows[first : first + depth], wanted))


def _known(rows: Sequence[Row], wanted: set[str]) -> int:
    best, found = min(2, len(wanted)) - 1, -1
    for place, row in enumerate(rows[:SEARCHED_ROWS]) if wanted else ():
        known = len({texts.key(cell) for cell in row if cell} & wanted)
        if known > best:
            best, found = known, place
    return found


def _filled(row: Row) -> list[str]:
    return [text for text in map(texts.cell, row) if text]


def _first_of_full_rows(rows: Sequence[Row]) -> int:
    counts = [len(_filled(row)) for row in rows]
    wide = [count for count in counts if count > 1] or [1]
    # of two rows the fuller is the table
    typical = median_high(wide)
    for place, row in enumerate(rows[:SEARCHED_ROWS]):
        filled = _filled(row)
        if len(filled) >= max(1, typical * _LEAST_SHARE) and (typical == 1 or len(filled) > 1):
            if _are_headings(filled):
                return place
            if sum(map(bool, map(_SAYS.fullmatch, filled))) * 2 < len(filled):
                # the data begin without a header
                return -1
    return -1


def _is_above(upper: Row, lower: Row) -> bool:
    """Whether a row names groups of the headings below it, few as they may be."""
    filled = _filled(upper)
    return len(filled) > 1 and _are_headings(filled) and _goes_on(upper, lower)


def _are_headings(filled: Sequence[str]) -> bool:
    numbers = [text for text in filled if _NUMBER.fullmatch(text)]
    if len(numbers) == len(filled) or any(not _YEAR.fullmatch(text) for text in numbers):
        return False
    if sum(map(bool, map(_SAYS.fullmatch, filled))) * 2 >= len(filled):
        return False
    return max(map(len, filled)) <= _LONGEST_HEADING


def _depth(rows: Sequence[Row], numbers: Sequence[int], first: int, merges: Sequence[Merge]) -> int:
    top = numbers[first] - 1
    down = [end[0] - top for start, end in merges if start[0] == top and end[0] > top]
    deepest = min(_DEEPEST, len(rows) - first)
    if down:
        return min(max(down) + 1, deepest)
    depth = 1
    while depth < deepest and _goes_on(rows[first + depth - 1], rows[first + depth]):
        if numbers[first + depth] != numbers[first] + depth:
            break
        depth += 1
    return depth


def _goes_on(upper: Row, lower: Row) -> bool:
    """Whether the lower row names parts of the groups of the upper, or their units."""
    width = max(len(upper), len(lower))
    above = [texts.cell(text) for text in upper] + [""] * (width - len(upper))
    below = [texts.cell(text) for text in lower] + [""] * (width - len(lower))
    filled = [text for text in below if text]
    if not filled or any(_NUMBER.fullmatch(text) for text in filled):
        return False
    if all(_UNIT.fullmatch(text) for text in filled):
        return True
    gaps = {place for place, text in enumerate(below) if text and not above[place]}
    inner = {place for place in gaps if any(above[:place])}
    if not inner or inner != gaps:
        return False
    groups = {max(left for left in range(place) if above[left]) for place in inner}
    outside = [place for place in range(width) if above[place] and place not in groups]
    if any(below[place] not in ("", above[place]) for place in outside):
        return False
    return bool(outside) or len(set(filled)) < len(filled)


def _names(rows: Sequence[Row], wanted: set[str]) -> tuple[str, ...]:
    width = max(map(len, rows))
    levels = [[texts.name(text) for text in row] + [""] * (width - len(row)) for row in rows]
    for lower, upper in pairwise(reversed(levels)):
        current = ""
        for place in range(width):
            current = upper[place] or (current if lower[place] else "")
            upper[place] = current
    return tuple(_name([level[place] for level in levels], wanted) for place in range(width))


def _name(path: Sequence[str], wanted: set[str]) -> str:
    """The headings of a column from above as one name, the one that is expected if any."""
    parts = [text for text in dict.fromkeys(path) if text]
    if len(parts) < 2:
        return "".join(parts)
    units = "".join(text for text in parts if _UNIT.fullmatch(text))
    named = [text for text in parts if not _UNIT.fullmatch(text)]
    whole = "_".join(named) + units
    candidates = (whole, "".join(parts), "_".join(named), *reversed(named))
    return next((one for one in candidates if one and texts.key(one) in wanted), whole)
