"""A copy of a book in which cells are marked: coloured, with comments; all else is as it is.

The archive is patched: sheets are streamed, small parts changed, everything else is copied. A
library that reads and writes whole books takes a minute and a gigabyte, and loses what it does not
know.
"""

from collections.abc import Iterable, Mapping
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from ckanext.sdopen.sheets.xlsx.book_parts import sheet_parts, xml_of
from ckanext.sdopen.sheets.xlsx.zip_archive import Part
from ckanext.sdopen.workbook.marking import comments, parts
from ckanext.sdopen.workbook.marking.comments import Cell
from ckanext.sdopen.workbook.marking.mark_cells import Faulty, marked
from ckanext.sdopen.workbook.marking.parts import Package, Relations
from ckanext.sdopen.workbook.marking.styles import Styles

_CHUNK = 1 << 20
# the fastest that still packs a sheet to a tenth
LEVEL = 2
_MACROS = "xl/vbaProject.bin"


def has_macros(path: Path) -> bool:
    """Whether a book holds programs, of which no copy is made."""
    with ZipFile(path) as archive:
        return _MACROS in archive.namelist()


class MarkedCopy:
    """One copy while it is written."""

    def __init__(self, archive: ZipFile, out: ZipFile) -> None:
        self.archive, self.out = archive, out
        self.package = Package(archive)
        self.styles = Styles(self.package.styles)
        self.sheet_parts, _ = sheet_parts(archive)
        # parts that are written anew, and so are not copied
        self.written: set[str] = set()
        self.block = comments.FIRST_BLOCK

    def mark(self, part: str, severities: Mapping[int, Faulty], said: Mapping[Cell, str]) -> None:
        """Write a sheet with marked cells.

        Args:
            part: the sheet.
            severities: {row: {column: severity}}, from 0.
            said: the comment of each cell that gets one.
        """
        relations = Relations(self.archive, part)
        has_comments = relations.target("comments") is not None
        key = self._comments(part, relations, said) if said or has_comments else ""
        with self.archive.open(part) as stream:
            self.put(part, marked(Part(stream, part), severities, self.styles, key))

    def _comments(self, part: str, relations: Relations, said: Mapping[Cell, str]) -> str:
        """Write comments and their drawing; the id of a drawing that the sheet has to name."""
        known, boxes = relations.target("comments"), relations.target("vmlDrawing")
        existing = xml_of(self.archive, known) if known else None
        data, own, cleared = comments.merged(existing, said)
        kept = self.archive.read(boxes) if boxes else None
        key = ""
        if not known:
            known = self.package.part("xl/commentsCheck{}.xml", "comments")
            relations.add("comments", known)
        if not boxes:
            boxes = self.package.part("xl/drawings/check{}.vml", "vmlDrawing")
            key = relations.add("vmlDrawing", boxes)
        self.put(known, [data])
        drawn = comments.drawing(kept, said, own, cleared, self.block)
        self.block += comments.blocks_of(said)
        self.put(boxes, [drawn])
        self.put(relations.name, [parts.as_bytes(relations.root)])
        return key

    def put(self, part: str, pieces: Iterable[bytes]) -> None:
        """Write a part."""
        self.written.add(part)
        info = ZipInfo(part)
        info.compress_type, info.external_attr = ZIP_DEFLATED, 0o600 << 16
        with self.out.open(info, "w", force_zip64=True) as stream:
            for piece in pieces:
                stream.write(piece)

    def finish(self) -> None:
        """Write the small parts, which grew, and copy what is as it was."""
        package = self.package
        for part, data in (
            (parts.CONTENT_TYPES, parts.as_bytes(package.types)),
            (parts.WORKBOOK, parts.as_bytes(package.book)),
            (package.relations.name, parts.as_bytes(package.relations.root)),
            (package.styles_part, self.styles.as_bytes()),
        ):
            self.put(part, [data])
        for info in self.archive.infolist():
            if info.filename not in self.written:
                self._copy(info)

    def _copy(self, info: ZipInfo) -> None:
        new = ZipInfo(info.filename)
        new.date_time, new.compress_type = info.date_time, info.compress_type
        new.external_attr = info.external_attr
        new.file_size = info.file_size
        with self.archive.open(info) as stream, self.out.open(new, "w") as copy:
            while chunk := stream.read(_CHUNK):
                copy.write(chunk)
