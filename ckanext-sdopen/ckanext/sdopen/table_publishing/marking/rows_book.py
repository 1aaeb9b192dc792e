"""The wrong rows of a table as a workbook: wrong cells coloured, what is right as a comment."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from ckanext.sdopen.workbook.marking.styles import COLOURS

_OPTIONS = {"constant_memory": True, "strings_to_urls": False, "strings_to_formulas": False}
_SHEET = "有问题的行"
# signs of a cell, and of a comment
_LONGEST, _LONGEST_NOTE = 32_767, 1_000
_WIDTH, _SAID_WIDTH = 16, 60
_FROZEN = 1


class RowsBook:
    """The sheet while it is written, row after row."""

    def __init__(self, sheet: Worksheet, text: Format, wrong: Format, heading: Format) -> None:
        self._sheet, self._text, self._wrong, self._heading = sheet, text, wrong, heading
        self._row = 0

    def head(self, headings: Sequence[str]) -> None:
        """Write the headings; the last two are of sentences."""
        last = len(headings) - 1
        self._sheet.set_column(0, last, _WIDTH)
        self._sheet.set_column(last - 1, last, _SAID_WIDTH)
        self._sheet.freeze_panes(_FROZEN, 0)
        self._write(headings, {}, self._heading)

    def add(self, cells: Sequence[str], wrong: Mapping[int, str]) -> None:
        """Write a row; `wrong` is what is right for the cells at these places."""
        self._write(cells, wrong, self._text)

    def _write(self, cells: Sequence[str], wrong: Mapping[int, str], plain: Format) -> None:
        for place, cell in enumerate(cells):
            style = self._wrong if place in wrong else plain
            if cell:
                self._sheet.write_string(self._row, place, cell[:_LONGEST], style)
            elif place in wrong:
                self._sheet.write_blank(self._row, place, None, style)
            if place in wrong:
                self._sheet.write_comment(self._row, place, wrong[place][:_LONGEST_NOTE])
        self._row += 1


@contextmanager
def opened(path: Path) -> Iterator[RowsBook]:
    """A new workbook; it is whole when the block ends."""
    with xlsxwriter.Workbook(str(path), _OPTIONS) as book:
        sheet = book.add_worksheet(_SHEET)
        texts = {"num_format": "@", "valign": "top"}
        wrong = {**texts, "bg_color": f"#{COLOURS['error'][2:]}"}
        heading = {**texts, "bold": True, "text_wrap": True}
        yield RowsBook(sheet, *map(book.add_format, (texts, wrong, heading)))
