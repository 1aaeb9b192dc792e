"""What the sheets 汇总, 问题 and 待改行 hold."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ckanext.sdopen.sheets.addresses import address
from ckanext.sdopen.standard.findings import ERROR, sentence
from ckanext.sdopen.workbook.checking import report
from ckanext.sdopen.workbook.checking.checked_book import Examined
from ckanext.sdopen.workbook.marking import comments
from ckanext.sdopen.workbook.marking.styles import HEADING, TEXT, Styles
from ckanext.sdopen.workbook.marking.text_sheets import Row
from ckanext.sdopen.workbook.messages import say
from ckanext.sdopen.workbook.reading import earlier_check
from ckanext.sdopen.workbook.reading.blocks import Block, Grouping
from ckanext.sdopen.workbook.reading.book_file import Sheet
from ckanext.sdopen.workbook.reading.cells import text
from ckanext.sdopen.workbook.reading.layout import Layout

# of the faulty cells so many bear a comment
COMMENTS = 10_000
SUMMARY_WIDTHS = (18, 80, 12, 60)
FINDING_WIDTHS = (8, 24, 16, 10, 22, 30, 20, 90)
_COLUMNS = ("severity", "code", "sheet", "cell", "resource_code", "title", "item", "message")
_COUNTED = ("catalogs", "items", "faulty", "warned", "errors", "warnings")


def summary_rows(result: Examined, styles: Styles, lang: str) -> Iterator[Row]:
    """汇总: how many of what, then each kind of finding, then remarks on the book."""
    totals = report.summary(result, lang)
    plain, head = styles.plain(TEXT), styles.plain(HEADING)
    yield [(say("result_title", lang), head)]
    yield [(say("result_profile", lang), plain), (totals["profile_title"], plain)]
    yield [(say("result_day", lang), plain), (totals["day"], plain)]
    for name in _COUNTED:
        yield [(say(f"result_{name}", lang), plain), (str(totals[name]), plain)]
    yield [("", plain), (say("result_colours", lang, limit=COMMENTS), plain)]
    yield []
    titles = ("severity", "problem", "count", "first")
    yield [(say(f"column_{title}", lang), head) for title in titles]
    for kind in totals["kinds"]:
        severity = kind["severity"]
        cells = "、".join(kind["cells"])
        yield [
            (say(severity, lang), styles.plain(severity)),
            (kind["message"], plain),
            (str(kind["count"]), plain),
            (cells, plain),
        ]
    yield []
    for note in totals["notes"]:
        yield [("", plain), (note["message"], plain)]


def finding_rows(result: Examined, styles: Styles, lang: str) -> Iterator[Row]:
    """问题: every finding, in the order of the cells."""
    plain, head = styles.plain(TEXT), styles.plain(HEADING)
    yield [(say(f"column_{name}", lang), head) for name in _COLUMNS]
    for line in report.lines(result, lang):
        severity = line["severity"]
        cells = [(str(line[name]), plain) for name in _COLUMNS[1:]]
        yield [(say(severity, lang), styles.plain(severity)), *cells]


@dataclass
class Marks:
    """The faulty cells of one sheet: severities, and sentences by row and by cell."""

    severities: dict[int, dict[int, str]]
    said: dict[int, list[str]]
    comments: dict[tuple[int, int], str]


def marks(result: Examined, lang: str) -> Mapping[int, Marks]:
    """{sheet: its faulty cells}; the first COMMENTS of the book get their sentences as comments."""
    found: dict[int, Marks] = defaultdict(lambda: Marks(defaultdict(dict), defaultdict(list), {}))
    commented = 0
    for placed in report.in_order(result):
        sheet = found[placed.sheet]
        said = sentence(placed.finding, lang)
        sheet.said[placed.row].append(said)
        row, cell = sheet.severities[placed.row], (placed.row, placed.column)
        line = comments.line(placed.finding.severity, said, lang)
        if cell in sheet.comments:
            sheet.comments[cell] += f"\n{line}"
        elif commented < COMMENTS:
            sheet.comments[cell] = line
            commented += 1
        if row.get(placed.column) != ERROR:
            row[placed.column] = placed.finding.severity
    return found


class Corrections:
    """待改行 of one sheet: its header, and all rows of its faulty catalogs."""

    def __init__(
        self, result: Examined, number: int, marks: Marks, styles: Styles, lang: str
    ) -> None:
        self.layout: Layout = result.layouts[number]
        self.sheet, self.marks, self.lang = result.sheets[number], marks, lang
        self.plain, self.head = styles.plain(TEXT), styles.plain(HEADING)
        self.marked = {severity: styles.plain(severity) for severity in ("error", "warning")}
        self.faulty = {
            block.first
            for block in result.blocks
            if block.sheet == number and block.errors and not block.secret
        }
        self.left_out = frozenset(self.layout.header.added.values())

    def merges(self, sheet: Sheet) -> list[str]:
        """The merges of the header, moved to the first row."""
        head = self.layout.header
        return [
            f"{address(top - head.first_row, left)}:{address(bottom - head.first_row, right)}"
            for (top, left), (bottom, right) in sheet.merges
            if head.first_row <= top and bottom <= head.last_row and not self.left_out
        ]

    def rows(self, sheet: Sheet) -> Iterator[Row]:
        """The rows as they are written."""
        header = self.layout.header
        head: list[tuple[int, list[Any]]] = []
        for number, row in sheet.cells:
            head.append((number, row))
            if number >= header.last_row:
                break
        width = max(len(row) for _, row in head)
        for number, row in head[header.first_row :]:
            cells = [(text(cell), self.head) for cell in self._wanted_cells(row, width)]
            if number == header.last_row:
                for column in ("column_problem", "column_origin"):
                    cells.append((say(column, self.lang), self.head))
            yield cells
        for block in Grouping(self.layout, sheet.merges).blocks(sheet.cells):
            if block.rows[0][0] in self.faulty:
                yield from self._block(block, width)

    def _wanted_cells(self, row: list[Any], width: int) -> list[Any]:
        cells = [row[place] if place < len(row) else "" for place in range(width)]
        return [cell for place, cell in enumerate(cells) if place not in self.left_out]

    def _block(self, block: Block, width: int) -> Iterator[Row]:
        block_hash = earlier_check.hash_of(block, self.layout)
        for number, row in block.rows:
            severities = self.marks.severities.get(number, {})
            cells = [
                (text(cell), self.marked[severities[place]] if place in severities else self.plain)
                for place, cell in enumerate(row[:width] + [""] * (width - len(row)))
                if place not in self.left_out
            ]
            said = "\n".join(self.marks.said.get(number, ()))
            origin = earlier_check.origin(self.sheet, number, block_hash)
            yield [*cells, (said, self.plain), (origin, self.plain)]
