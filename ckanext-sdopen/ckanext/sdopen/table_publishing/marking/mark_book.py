"""The department's own workbook with its wrong cells coloured, and what is right said."""

from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

from ckanext.sdopen.sheets.confinement import Refusal
from ckanext.sdopen.standard.findings import ERROR
from ckanext.sdopen.workbook.marking import comments
from ckanext.sdopen.workbook.marking.marked_copy import LEVEL, MarkedCopy, has_macros

# (row of the sheet, place of the column, both from 0, sentence)
Mark = tuple[int, int, str]


class NotMarked(Refusal):
    """A workbook of which no copy is made."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.code, self.params = why, {}


def work(request: dict[str, Any]) -> int:
    """Do what the parent asks; how many cells are marked."""
    marks = [(row, place, said) for row, place, said in request["marks"]]
    source, target = Path(request["source"]), Path(request["target"])
    return mark(source, target, request["sheet"], marks)


def mark(source: Path, target: Path, sheet: str, marks: Iterable[Mark]) -> int:
    """Write a copy of a workbook with marked cells; how many they are.

    Args:
        source: an xlsx, which stays as it is.
        target: the new file.
        sheet: the name of the table's sheet.
        marks: what is wrong; a cell may have several.

    Raises:
        NotMarked: it holds programs, or no such sheet.
    """
    if has_macros(source):
        raise NotMarked("macros")
    severities: dict[int, dict[int, str]] = defaultdict(dict)
    said: dict[tuple[int, int], str] = {}
    for row, place, sentence in marks:
        severities[row][place] = ERROR
        line = comments.line(ERROR, sentence, "zh")
        before = said.get((row, place))
        said[row, place] = f"{before}\n{line}" if before else line
    with ZipFile(source) as archive, ZipFile(target, "w", ZIP_DEFLATED, compresslevel=LEVEL) as out:
        copy = MarkedCopy(archive, out)
        part = copy.sheet_parts.get(sheet)
        if part is None:
            raise NotMarked("sheet")
        copy.mark(part, severities, said)
        copy.finish()
    return len(said)
