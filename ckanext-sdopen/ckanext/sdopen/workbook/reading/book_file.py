"""Open a book by what it holds, not by its ending: xlsx, xls or CSV; sheets one after another."""

import io
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import python_calamine

from ckanext.sdopen.sheets.addresses import address
from ckanext.sdopen.sheets.xlsx import book_parts, zip_archive
from ckanext.sdopen.sheets.xlsx.rows_xml import Merge, Scan
from ckanext.sdopen.sheets.xlsx.zip_archive import MIB, ArchiveLimits
from ckanext.sdopen.workbook.messages import BookError, as_book_errors
from ckanext.sdopen.workbook.reading import delimited

XLSX, XLS, CSV = FORMATS = ("xlsx", "xls", "csv")
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_XLS_STREAMS = ("Workbook".encode("utf-16-le"), "Book".encode("utf-16-le"))
_MARKUP = re.compile(rb"\s*<(?:\?xml|!doctype|html|table|head|meta)", re.IGNORECASE)
_OTHERS = {b"%PDF": "PDF", b"Rar!": "RAR", b"7z\xbc\xaf": "7z", b"\x1f\x8b": "gzip"}


@dataclass(frozen=True, kw_only=True)
class BookLimits(ArchiveLimits):
    """Bytes of the file; rows, columns and cells of a sheet."""

    bytes: int = 100 * MIB
    rows: int = 200_000
    columns: int = 256
    cells: int = 12_000_000


@dataclass
class Sheet:
    """A sheet: rows and columns count from 0, cells are as the book types them."""

    name: str
    cells: Iterator[tuple[int, list[Any]]]
    hidden: bool = False
    scan: Scan = field(default_factory=Scan)
    merges: tuple[Merge, ...] = ()


@dataclass
class Book:
    """A book that was opened: its kind, its sheets, and how its serial dates count."""

    kind: str
    path: Path
    names: list[str]
    limits: BookLimits
    from_1904: bool = False
    may_be_marked: bool = True
    scans: dict[str, Scan] = field(default_factory=dict)
    parts: dict[str, str] = field(default_factory=dict)
    _calamine: Any = None
    _text: str = ""

    def sheets(self, first: Callable[[str], bool] | None = None) -> Iterator[Sheet]:
        """The sheets in their order, those that `first` names before the others.

        Each lives only until the next is asked for.
        """
        if self.kind == CSV:
            yield Sheet(self.names[0], delimited.rows(self._text))
            return
        shown = {meta.name: meta.visible for meta in self._calamine.sheets_metadata}
        for name in sorted(self.names, key=lambda name: not first(name)) if first else self.names:
            hidden = shown.get(name) != python_calamine.SheetVisibleEnum.Visible
            try:
                loaded = self._calamine.get_sheet_by_name(name)
            except python_calamine.CalamineError as error:
                raise BookError("book_damaged", detail=f"{name}: {error}") from None
            scan = self.scans.get(name, Scan())
            merges = tuple(loaded.merged_cell_ranges or ())
            yield Sheet(name, _cells(loaded), hidden, scan, merges)


def _cells(loaded: Any) -> Iterator[tuple[int, list[Any]]]:
    # rows begin at the first row, columns at the first that holds something
    missing = [""] * (loaded.start[1] if loaded.start else 0)
    for number, row in enumerate(loaded.iter_rows()):
        yield number, missing + row if missing else row


@as_book_errors()
def open_book(path: Path, limits: BookLimits | None = None) -> Book:
    """Open a book.

    Raises:
        BookError: the file is absent, too large, protected, damaged, or no workbook.
    """
    limits = limits or BookLimits()
    try:
        size = path.stat().st_size
        with path.open("rb") as file:
            head = file.read(4096)
    except OSError:
        raise BookError("book_missing", path=path.name) from None
    if size > limits.bytes:
        raise BookError("book_too_large", size=size // MIB, limit=limits.bytes // MIB)
    if not size:
        raise BookError("book_empty")
    if head.startswith(b"PK"):
        return _xlsx(path, limits)
    if head.startswith(_OLE):
        return _xls(path, limits)
    return _csv(path, head, limits)


def _csv(path: Path, head: bytes, limits: BookLimits) -> Book:
    other = next((name for magic, name in _OTHERS.items() if head.startswith(magic)), "")
    if other or _MARKUP.match(head):
        raise BookError("book_format", found=other or "HTML/XML")
    text = delimited.decoded(path.read_bytes())
    rows = text.count("\n") + 1
    if rows > limits.rows * 2:
        columns = limits.columns
        params = {"sheet": path.stem, "cell": f"A{rows}", "rows": limits.rows, "columns": columns}
        raise BookError("book_far_cell", **params)
    return Book(CSV, path, [path.stem], limits, may_be_marked="密" in text, _text=text)


def _xls(path: Path, limits: BookLimits) -> Book:
    data = path.read_bytes()
    if _ENCRYPTED in data:
        raise BookError("book_password")
    if not any(name in data for name in _XLS_STREAMS):
        raise BookError("book_format", found="OLE")
    loaded = _calamine(data)
    return Book(XLS, path, loaded.sheet_names, limits, _calamine=loaded)


def _calamine(data: bytes) -> Any:
    try:
        return python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
    except python_calamine.PasswordError:
        raise BookError("book_password") from None
    except python_calamine.CalamineError as error:
        raise BookError("book_damaged", detail=error) from None


def _xlsx(path: Path, limits: BookLimits) -> Book:
    with zip_archive.opened(path, limits) as archive:
        parts, from_1904 = book_parts.sheet_parts(archive)
        marked = zip_archive.checked_parts(archive, set(parts.values()))
        scans = {}
        for name, part in parts.items():
            scans[name], may_be = _scanned(archive, part, name, limits)
            marked = marked or may_be
    # by what it holds: from_path() goes by the ending
    loaded = _calamine(path.read_bytes())
    names = [name for name in loaded.sheet_names if name in parts]
    return Book(XLSX, path, names, limits, from_1904, marked, scans, parts, loaded)


def _scanned(archive: ZipFile, part: str, name: str, limits: BookLimits) -> tuple[Scan, bool]:
    """What the sheet's XML tells; BookError where its cells lie too far apart for a reader."""
    scan, marked = book_parts.scanned(archive, part, limits.columns)
    rows, columns = scan.last_row + 1, scan.last_column + 1
    if rows > limits.rows or columns > limits.columns or rows * columns > limits.cells:
        cell = address(scan.last_row, scan.last_column)
        bounds = {"rows": limits.rows, "columns": limits.columns}
        raise BookError("book_far_cell", sheet=name, cell=cell, **bounds)
    return scan, marked
