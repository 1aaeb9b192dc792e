"""What a check left in a book that comes back: its own sheets, and rows that were corrected.

A corrected row names the block that it was copied from by a hash of that block's cells. A copy
that no longer has this hash was edited and replaces its original; one that still has it was not.
"""

import hashlib
import re
from collections.abc import Sequence
from typing import Any

from ckanext.sdopen.workbook.columns import folded
from ckanext.sdopen.workbook.messages import say
from ckanext.sdopen.workbook.reading.blocks import Block, Row
from ckanext.sdopen.workbook.reading.cells import text
from ckanext.sdopen.workbook.reading.layout import Layout

LANGUAGES = ("zh", "en")
_DIGITS = 16
_HASH = re.compile(rf"#([0-9a-f]{{{_DIGITS}}})$")


def _names(code: str) -> tuple[str, ...]:
    return tuple(say(code, lang) for lang in LANGUAGES)


def is_corrections(name: str) -> bool:
    """Whether a sheet holds rows to correct: those are looked at first."""
    return name.startswith(_names("sheet_rows"))


def result_kind(head: Sequence[Row]) -> str:
    """Which result of an earlier check a sheet is: the summary, the findings, or none (empty)."""
    first = [text(cell) for cell in head[0][1][:2]] if head else []
    if first and first[0] in _names("result_title"):
        return "sheet_summary"
    listed = [[say("column_severity", lang), say("column_code", lang)] for lang in LANGUAGES]
    return "sheet_findings" if first in listed else ""


def hash_of(block: Block, layout: Layout) -> str:
    """The hash of the cells of a block that are read, whatever their types and columns' order."""
    digest = hashlib.sha256()
    places = sorted(
        (place.column.name, place.position) for place in (*layout.catalog, *layout.items)
    )
    for _, row in block.rows:
        said = ((name, text(row[position])) for name, position in places)
        digest.update(repr([one for one in said if one[1]]).encode())
    return digest.hexdigest()[:_DIGITS]


def origin(sheet: str, row: int, block_hash: str) -> str:
    """What the column 原位置 says of a row: where it was, and the hash of its block."""
    return f"{sheet} {row + 1} #{block_hash}"


def origin_of(block: Block, layout: Layout) -> str | None:
    """The hash that a row to correct bears; empty where it was lost; None in an original sheet."""
    heading = (folded(say("column_origin", lang)) for lang in LANGUAGES)
    position = next((layout.header.added[h] for h in heading if h in layout.header.added), None)
    if position is None:
        return None
    row: list[Any] = block.rows[0][1]
    found = _HASH.search(text(row[position])) if position < len(row) else None
    return found[1] if found else ""
