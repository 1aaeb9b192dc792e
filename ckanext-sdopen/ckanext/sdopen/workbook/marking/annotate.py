"""The department's own book back: faulty cells coloured and commented, sheets with all findings.

The archive is patched: sheets are streamed, small parts changed, everything else is copied as it
is. A library that reads and writes whole books takes a minute and a gigabyte, and loses what it
does not know.
"""

from collections.abc import Iterable
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from ckanext.sdopen.sheets.xlsx.book_parts import sheet_parts, xml_of
from ckanext.sdopen.sheets.xlsx.zip_archive import Part
from ckanext.sdopen.workbook.checking.checked_book import Examined
from ckanext.sdopen.workbook.marking import comments, parts, plain_copy, result_sheets, text_sheets
from ckanext.sdopen.workbook.marking.mark_cells import marked
from ckanext.sdopen.workbook.marking.parts import Package, Relations
from ckanext.sdopen.workbook.marking.result_sheets import Corrections, Marks
from ckanext.sdopen.workbook.marking.styles import Styles
from ckanext.sdopen.workbook.messages import say
from ckanext.sdopen.workbook.reading.book_file import XLSX, Book, Sheet

_CHUNK = 1 << 20
# the fastest that still packs a sheet to a tenth
_LEVEL = 2
_MACROS = "xl/vbaProject.bin"
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
    if book.kind != XLSX or _has_macros(source):
        plain_copy.to_xlsx(book, converted)
        source = converted
    try:
        with (
            ZipFile(source) as archive,
            ZipFile(target, "w", ZIP_DEFLATED, compresslevel=_LEVEL) as out,
        ):
            Annotation(archive, out, book, result, lang).write()
    finally:
        converted.unlink(missing_ok=True)


def _has_macros(path: Path) -> bool:
    with ZipFile(path) as archive:
        return _MACROS in archive.namelist()


class Annotation:
    """One annotated copy while it is written."""

    def __init__(
        self, archive: ZipFile, out: ZipFile, book: Book, result: Examined, lang: str
    ) -> None:
        self.archive, self.out, self.book = archive, out, book
        self.result, self.lang = result, lang
        self.package = Package(archive)
        self.styles = Styles(self.package.styles)
        self.sheet_parts, _ = sheet_parts(archive)
        self.marks = result_sheets.marks(result, lang)
        # parts that are written anew, and so are not copied
        self.written: set[str] = set()
        self.block = comments.FIRST_BLOCK

    def write(self) -> None:
        """Write all parts: marked sheets, new sheets, small parts last, for they grow."""
        self._renew_results()
        places = list(self.sheet_parts.values())
        for number, name in enumerate(self.result.sheets):
            found = self.marks.get(number)
            # a converted book has one sheet a name, perhaps shortened
            part = self.sheet_parts.get(name) or places[self.book.names.index(name)]
            if part not in self.written and (found or self.styles.old_marks):
                self._mark(part, found or Marks({}, {}, {}))
        self._new_sheets()
        self._small_parts()
        for info in self.archive.infolist():
            if info.filename not in self.written:
                self._copy(info)

    def _put(self, part: str, pieces: Iterable[bytes]) -> None:
        self.written.add(part)
        info = ZipInfo(part)
        info.compress_type, info.external_attr = ZIP_DEFLATED, 0o600 << 16
        with self.out.open(info, "w", force_zip64=True) as stream:
            for piece in pieces:
                stream.write(piece)

    def _copy(self, info: ZipInfo) -> None:
        new = ZipInfo(info.filename)
        new.date_time, new.compress_type = info.date_time, info.compress_type
        new.external_attr = info.external_attr
        new.file_size = info.file_size
        with self.archive.open(info) as stream, self.out.open(new, "w") as copy:
            while chunk := stream.read(_CHUNK):
                copy.write(chunk)

    def _mark(self, part: str, found: Marks) -> None:
        relations = Relations(self.archive, part)
        has_comments = relations.target("comments") is not None
        key = ""
        if found.comments or has_comments:
            key = self._comments(part, relations, found)
        with self.archive.open(part) as stream:
            pieces = marked(Part(stream, part), found.severities, self.styles, key)
            self._put(part, pieces)

    def _comments(self, part: str, relations: Relations, found: Marks) -> str:
        """Write comments and their drawing; the id of a drawing that the sheet has to name."""
        known, boxes = relations.target("comments"), relations.target("vmlDrawing")
        existing = xml_of(self.archive, known) if known else None
        data, own, cleared = comments.merged(existing, found.comments)
        kept = self.archive.read(boxes) if boxes else None
        key = ""
        if not known:
            known = self.package.part("xl/commentsCheck{}.xml", "comments")
            relations.add("comments", known)
        if not boxes:
            boxes = self.package.part("xl/drawings/check{}.vml", "vmlDrawing")
            key = relations.add("vmlDrawing", boxes)
        self._put(known, [data])
        drawn = comments.drawing(kept, found.comments, own, cleared, self.block)
        self.block += comments.blocks_of(found.comments)
        self._put(boxes, [drawn])
        self._put(relations.name, [parts.as_bytes(relations.root)])
        return key

    def _renew_results(self) -> None:
        """Sheets of an earlier check are written anew in their place."""
        for kind, name in self.result.earlier.items():
            self._result(kind, self.sheet_parts[name])

    def _result(self, kind: str, part: str) -> None:
        if kind == "sheet_summary":
            rows = result_sheets.summary_rows(self.result, self.styles, self.lang)
            self._put(part, text_sheets.written(rows, result_sheets.SUMMARY_WIDTHS))
        else:
            rows = result_sheets.finding_rows(self.result, self.styles, self.lang)
            self._put(part, text_sheets.written(rows, result_sheets.FINDING_WIDTHS, frozen=1))

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
        self._put(part, text_sheets.written(rows, widths, frozen, corrections.merges(sheet)))

    def _small_parts(self) -> None:
        package = self.package
        for part, data in (
            (parts.CONTENT_TYPES, parts.as_bytes(package.types)),
            (parts.WORKBOOK, parts.as_bytes(package.book)),
            (package.relations.name, parts.as_bytes(package.relations.root)),
            (package.styles_part, self.styles.as_bytes()),
        ):
            self._put(part, [data])
