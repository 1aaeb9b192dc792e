"""The department's own book back: faulty cells coloured and commented, sheets with all findings."""

from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

from ckanext.sdopen.workbook.checking.checked_book import Examined
from ckanext.sdopen.workbook.marking import plain_copy, result_sheets, text_sheets
from ckanext.sdopen.workbook.marking.marked_copy import LEVEL, MarkedCopy, has_macros
from ckanext.sdopen.workbook.marking.result_sheets import Corrections, Marks
from ckanext.sdopen.workbook.messages import say
from ckanext.sdopen.workbook.reading.book_file import XLSX, Book, Sheet

_ROW_WIDTH, _SAID_WIDTH = 16, 60


def annotate(book: Book, result: Examined, target: Path, lang: str) -> None:
    """Write the annotated copy of a book that bears no mark of secrecy.

    Args:
        book: the book; an xls, CSV or a book with macros becomes a plain xlsx first.
        result: what its check found.
        target: the new file; a temporary file beside it is removed.
    """
    source = book.path
    converted = target.with_suffix(".plain.xlsx")
    if book.kind != XLSX or has_macros(source):
        plain_copy.to_xlsx(book, converted)
        source = converted
    try:
        with (
            ZipFile(source) as archive,
            ZipFile(target, "w", ZIP_DEFLATED, compresslevel=LEVEL) as out,
        ):
            Annotation(archive, out, book, result, lang).write()
    finally:
        converted.unlink(missing_ok=True)


class Annotation(MarkedCopy):
    """One annotated copy while it is written."""

    def __init__(
        self, archive: ZipFile, out: ZipFile, book: Book, result: Examined, lang: str
    ) -> None:
        super().__init__(archive, out)
        self.book, self.result, self.lang = book, result, lang
        self.marks = result_sheets.marks(result, lang)

    def write(self) -> None:
        """Write all parts: marked sheets, new sheets, small parts last, for they grow."""
        self._renew_results()
        places = list(self.sheet_parts.values())
        for number, name in enumerate(self.result.sheets):
            found = self.marks.get(number)
            # a converted book has one sheet a name, perhaps shortened
            part = self.sheet_parts.get(name) or places[self.book.names.index(name)]
            if part not in self.written and (found or self.styles.old_marks):
                found = found or Marks({}, {}, {})
                self.mark(part, found.severities, found.comments)
        self._new_sheets()
        self.finish()

    def _renew_results(self) -> None:
        """Sheets of an earlier check are written anew in their place."""
        for kind, name in self.result.earlier.items():
            self._result(kind, self.sheet_parts[name])

    def _result(self, kind: str, part: str) -> None:
        if kind == "sheet_summary":
            rows = result_sheets.summary_rows(self.result, self.styles, self.lang)
            self.put(part, text_sheets.written(rows, result_sheets.SUMMARY_WIDTHS))
        else:
            rows = result_sheets.finding_rows(self.result, self.styles, self.lang)
            self.put(part, text_sheets.written(rows, result_sheets.FINDING_WIDTHS, frozen=1))

    def _new_sheets(self) -> None:
        for kind in ("sheet_summary", "sheet_findings"):
            if kind not in self.result.earlier:
                _, part = self.package.sheet(say(kind, self.lang))
                self._result(kind, part)
        wanted = {
            self.result.sheets[number]: Corrections(
                self.result, number, found, self.styles, self.lang
            )
            for number, found in self.marks.items()
            if number in self.result.layouts
        }
        for sheet in self.book.sheets():
            corrections = wanted.get(sheet.name)
            if corrections and corrections.faulty:
                self._corrections(corrections, sheet)

    def _corrections(self, corrections: Corrections, sheet: Sheet) -> None:
        _, part = self.package.sheet(say("sheet_rows", self.lang))
        header = corrections.layout.header
        widths = [_ROW_WIDTH] * corrections.layout.width + [_SAID_WIDTH, _ROW_WIDTH]
        frozen = header.last_row - header.first_row + 1
        rows = corrections.rows(sheet)
        self.put(part, text_sheets.written(rows, widths, frozen, corrections.merges(sheet)))
