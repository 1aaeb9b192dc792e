"""The parts of a book that name its other parts: sheets, relations, content types."""

import posixpath
from zipfile import ZipFile

from lxml import etree

from ckanext.sdopen.sheets.xlsx.book_parts import xml_of
from ckanext.sdopen.workbook.messages import BookError

_DOCUMENT = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
_TYPES = "application/vnd.openxmlformats-officedocument"
CONTENT_TYPES = "[Content_Types].xml"
WORKBOOK = "xl/workbook.xml"
CONTENT_TYPE_OF = {
    "worksheet": f"{_TYPES}.spreadsheetml.worksheet+xml",
    "comments": f"{_TYPES}.spreadsheetml.comments+xml",
    "styles": f"{_TYPES}.spreadsheetml.styles+xml",
    "vmlDrawing": f"{_TYPES}.vmlDrawing",
}
_NO_STYLES = (
    b'<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><fonts>'
    b'<font><sz val="11"/><name val="Calibri"/></font></fonts><fills><fill><patternFill'
    b' patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills>'
    b"<borders><border/></borders><cellStyleXfs><xf/></cellStyleXfs><cellXfs><xf/></cellXfs>"
    b"</styleSheet>"
)


def relations_of(part: str) -> str:
    """The part that holds the relations of a part."""
    folder, name = posixpath.split(part)
    return f"{folder}/_rels/{name}.rels"


def as_bytes(root: etree._Element) -> bytes:
    """A part as it is written."""
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)


def named_like(root: etree._Element, name: str) -> str:
    """The name of an element as a part writes it: in the namespace of its root, if it has one."""
    space = etree.QName(root).namespace
    return f"{{{space}}}{name}" if space else name


class Relations:
    """The relations of one part, found or new."""

    def __init__(self, archive: ZipFile, part: str) -> None:
        self.part, self.name = part, relations_of(part)
        found = self.name in archive.namelist()
        self.root = xml_of(archive, self.name) if found else self._empty()

    @staticmethod
    def _empty() -> etree._Element:
        return etree.Element(f"{{{_PACKAGE}}}Relationships", nsmap={None: _PACKAGE})

    def target(self, kind: str) -> str | None:
        """The part that a relation of a kind leads to."""
        for one in self.root:
            if isinstance(one.tag, str) and one.get("Type", "").endswith(f"/{kind}"):
                target = one.get("Target", "")
                folder = posixpath.dirname(self.part)
                joined = target if target.startswith("/") else posixpath.join(folder, target)
                return posixpath.normpath(joined).lstrip("/")
        return None

    def add(self, kind: str, target: str) -> str:
        """A new relation to a part; its id."""
        used = {one.get("Id") for one in self.root if isinstance(one.tag, str)}
        key = next(f"rIdCheck{n}" for n in range(1, 10_000) if f"rIdCheck{n}" not in used)
        attributes = {"Id": key, "Type": f"{_DOCUMENT}/{kind}", "Target": f"/{target}"}
        etree.SubElement(self.root, named_like(self.root, "Relationship"), attributes)
        return key


class Package:
    """Workbook, relations and content types of a book, to which sheets and parts are added."""

    def __init__(self, archive: ZipFile) -> None:
        self.names = set(archive.namelist())
        self.book = xml_of(archive, WORKBOOK)
        self.relations = Relations(archive, WORKBOOK)
        self.types = xml_of(archive, CONTENT_TYPES)
        self.styles_part = self.relations.target("styles") or ""
        if self.styles_part:
            self.styles = xml_of(archive, self.styles_part)
        else:
            self.styles_part = self.part("xl/styles{}.xml", "styles")
            self.relations.add("styles", self.styles_part)
            self.styles = etree.fromstring(_NO_STYLES)

    def part(self, pattern: str, kind: str) -> str:
        """The name of a new part, with its content type."""
        numbered = (pattern.format(number or "") for number in range(100_000))
        name = next(one for one in numbered if one not in self.names)
        self.names.add(name)
        self.declare(name, kind)
        return name

    def declare(self, part: str, kind: str) -> None:
        """Say of what type a part is."""
        name = named_like(self.types, "Override")
        etree.SubElement(self.types, name, PartName=f"/{part}", ContentType=CONTENT_TYPE_OF[kind])

    def sheet(self, name: str) -> tuple[str, str]:
        """(name, part) of a new sheet at the end; a name that is taken gets a number."""
        sheets = self.book.find("{*}sheets")
        if sheets is None:
            raise BookError("book_damaged", detail=f"{WORKBOOK}: sheets")
        taken = {sheet.get("name", "").casefold() for sheet in sheets}
        numbered = (f"{name}{number or ''}" for number in (0, *range(2, 10_000)))
        free = next(one for one in numbered if one.casefold() not in taken)
        part = self.part("xl/worksheets/check{}.xml", "worksheet")
        key = self.relations.add("worksheet", part)
        number = 1 + max((int(sheet.get("sheetId", 0)) for sheet in sheets), default=0)
        reference = f"{{{_DOCUMENT}}}id"
        attributes = {"name": free, "sheetId": str(number), reference: key}
        etree.SubElement(sheets, named_like(self.book, "sheet"), attributes)
        return free, part
