"""What a file is, by what it holds and never by its ending, and the tables in it."""

import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from ckanext.sdopen.sheets import charsets
from ckanext.sdopen.sheets.grid import Grid
from ckanext.sdopen.sheets.limits import Limits
from ckanext.sdopen.sheets.messages import SheetError
from ckanext.sdopen.sheets.sources import (
    books,
    delimited,
    html_tables,
    json_rows,
    xml_rows,
    zipped,
)
from ckanext.sdopen.sheets.sources.delimited import Progress

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_XLS_STREAMS = ("Workbook".encode("utf-16-le"), "Book".encode("utf-16-le"))
_OTHERS = {
    b"%PDF": "PDF",
    b"Rar!": "RAR",
    b"7z\xbc\xaf": "7z",
    b"\x1f\x8b": "gzip",
    b"\x89PNG": "PNG",
    b"\xff\xd8\xff": "JPEG",
    b"PAR1": "Parquet",
    b"SQLite format 3": "SQLite",
    b"{\\rtf": "RTF",
}
# an xlsx that Excel 2003 wrote as XML, and what Word makes of it
_OFFICE_XML = re.compile(r"urn:schemas-microsoft-com:office:spreadsheet|mso-application")
_HTML = re.compile(r"<(?:!doctype\s+html|html|head|meta|body|table|style)\b", re.IGNORECASE)


@dataclass(frozen=True)
class File:
    """A file to read: where it lies, the name it was handed in under, a folder for what it
    unpacks to."""

    path: Path
    name: str
    folder: Path


def grids(file: File, limits: Limits, progress: Progress) -> Iterator[tuple[str, Grid]]:
    """(the name of the member of a zip, the table) of each table of a file, one after another.

    Raises:
        SheetError: the file is absent, empty, too large, or no table.
    """
    head = _head(file.path, limits)
    other = next((name for magic, name in _OTHERS.items() if head.startswith(magic)), "")
    if other:
        raise SheetError("format", found=other)
    kind = _zip_kind(file.path) if head.startswith(b"PK") else ""
    if kind == "zip":
        path, member = zipped.unpacked(file.path, file.folder, limits)
        if _head(path, limits).startswith(b"PK") and _zip_kind(path) == "zip":
            raise SheetError("format", found="zip in zip")
        inner = File(path, PurePosixPath(member).name, file.folder)
        yield from ((member, one) for _, one in grids(inner, limits, progress))
    elif kind == "xlsx":
        yield from (("", one) for one in books.xlsx(file.path, limits))
    elif kind:
        yield from (("", one) for one in books.others(file.path, kind))
    elif head.startswith(_OLE):
        yield from (("", one) for one in _ole(file.path))
    else:
        yield from (("", one) for one in _texts(file, limits, progress))


def _head(path: Path, limits: Limits) -> bytes:
    try:
        size = path.stat().st_size
        with path.open("rb") as file:
            head = file.read(4096)
    except OSError:
        raise SheetError("missing", path=path.name) from None
    if size > limits.bytes:
        raise SheetError("too_large", size=size >> 20, limit=limits.bytes >> 20)
    if not size:
        raise SheetError("empty")
    return head


def _zip_kind(path: Path) -> str:
    try:
        with zipfile.ZipFile(path) as archive:
            names = set(archive.namelist())
            kind = archive.read("mimetype")[:100] if "mimetype" in names else b""
    except (zipfile.BadZipFile, ValueError, NotImplementedError, RuntimeError) as error:
        raise SheetError("damaged", detail=error) from None
    if "xl/workbook.xml" in names:
        return "xlsx"
    if "xl/workbook.bin" in names:
        return "xlsb"
    if b"opendocument.spreadsheet" in kind:
        return "ods"
    if kind or "[Content_Types].xml" in names:
        raise SheetError("format", found=kind.decode("ascii", "replace") or "Office")
    return "zip"


def _ole(path: Path) -> Iterator[Grid]:
    data = path.read_bytes()
    if _ENCRYPTED in data:
        raise SheetError("password")
    if not any(name in data for name in _XLS_STREAMS):
        raise SheetError("format", found="OLE")
    yield from books.others(path, "xls")


def _texts(file: File, limits: Limits, progress: Progress) -> Iterator[Grid]:
    characters = charsets.of_file(file.path, limits.line)
    name = PurePosixPath(file.name).stem
    head = delimited.head_of(file.path, characters).lstrip()
    if not head:
        raise SheetError("empty")
    if head.startswith(("{", "[{", "[[")) or re.match(r"\[\s*[{\[]", head):
        yield json_rows.grid(file.path, name, characters, limits, progress)
    elif head.startswith("<"):
        if _OFFICE_XML.search(head[:4096]) and not _HTML.match(head):
            raise SheetError("format", found="Excel 2003 XML")
        if _HTML.match(head):
            yield from html_tables.grids(file.path, characters, limits, progress)
        else:
            yield xml_rows.grid(file.path, name, characters, limits, progress)
    else:
        yield delimited.grid(file.path, name, characters, limits, progress)
