"""The column names of a file, from its first rows, read within bounds."""

import csv
import io
import re
import zipfile
from collections.abc import Iterator
from typing import IO
from xml.etree.ElementTree import ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import iterparse

from ckanext.sdopen.errors import SdopenError
from ckanext.sdopen.sheets.charsets import Undecodable, decoded

# a title and remarks may stand above the header
ROWS = 10
_BYTES = 1 << 18
_SHEETS = 64
# of one part of a workbook, unpacked
_PART_BYTES = 1 << 25
_TEXTS = ("csv", "tsv", "txt", "tab")
_BOOKS = ("xlsx", "xlsm")
_KEYED = ("json", "geojson", "ndjson", "jsonl", "xml", "kml", "gml", "rdf", "html", "htm")
# no columns that could be told
_PLAIN = ("pdf", "jpg", "jpeg", "png", "gif", "tif", "tiff", "doc", "docx", "wps", "ofd", "mp4")
_KEY = re.compile(r'"([^"\\\n]{1,200})"\s*:|<(?:[\w.-]+:)?([^\s<>/!?"=]{1,200})')


class Unreadable(SdopenError):
    """The column names of a file cannot be told."""


def _decoded(head: bytes) -> str:
    try:
        return decoded(head, cut=True)
    except Undecodable as error:
        raise Unreadable(str(error)) from None


def _of_text(file: IO[bytes]) -> Iterator[str]:
    text = _decoded(file.read(_BYTES))
    for line in text.splitlines()[:ROWS]:
        for delimiter in ",\t;|，":
            try:
                yield from next(csv.reader([line], delimiter=delimiter), [])
            except csv.Error:
                yield from line.split(delimiter)


class _Bounded:
    """A part of a workbook that ends with an error where it is larger than it may be."""

    def __init__(self, part: IO[bytes]) -> None:
        self._part, self._left = part, _PART_BYTES

    def read(self, size: int = -1) -> bytes:
        """The next bytes, at most 64 KB of them."""
        found = self._part.read(min(size, 1 << 16) if size > 0 else 1 << 16)
        self._left -= len(found)
        if self._left < 0:
            raise Unreadable("the workbook is too large for its columns to be told")
        return found


def _local(tag: str) -> str:
    return tag.rsplit("}", 1)[-1]


def _shared(book: zipfile.ZipFile) -> list[str]:
    if "xl/sharedStrings.xml" not in book.namelist():
        return []
    texts: list[str] = []
    with book.open("xl/sharedStrings.xml") as part:
        for _, element in iterparse(_Bounded(part), forbid_dtd=True):
            if _local(element.tag) == "si":
                texts.append("".join(element.itertext()))
                element.clear()
    return texts


def _cells(book: zipfile.ZipFile, sheet: str, shared: list[str]) -> Iterator[str]:
    rows = 0
    with book.open(sheet) as part:
        for _, element in iterparse(_Bounded(part), forbid_dtd=True):
            if _local(element.tag) == "c":
                # a formula stands beside its value
                values = (one for one in element if _local(one.tag) in ("v", "is"))
                text = "".join("".join(one.itertext()) for one in values).strip()
                if element.get("t") == "s" and text.isdigit():
                    text = shared[int(text)] if int(text) < len(shared) else ""
                yield text
            elif _local(element.tag) == "row":
                rows += 1
                element.clear()
                if rows >= ROWS:
                    return


def _of_book(file: IO[bytes]) -> Iterator[str]:
    try:
        with zipfile.ZipFile(file) as book:
            shared = _shared(book)
            sheets = [n for n in book.namelist() if re.fullmatch(r"xl/worksheets/[^/]+\.xml", n)]
            if len(sheets) > _SHEETS:
                raise Unreadable("the workbook has too many sheets")
            for sheet in sheets:
                yield from _cells(book, sheet, shared)
    except (zipfile.BadZipFile, ParseError, DefusedXmlException, EOFError, RuntimeError) as error:
        raise Unreadable("the workbook cannot be read; it may be damaged or encrypted") from error


def _of_keys(file: IO[bytes]) -> Iterator[str]:
    for json_key, tag in _KEY.findall(_decoded(file.read(_PART_BYTES))):
        yield json_key or tag


def _of_nothing(file: IO[bytes]) -> Iterator[str]:
    return iter(())


def columns(file: IO[bytes], file_name: str) -> set[str]:
    """Every text that may be a column name of the file: its first rows, or its keys.

    Raises:
        Unreadable: the columns cannot be told.
    """
    ending = file_name.rsplit(".", 1)[-1].lower() if "." in file_name else ""
    readers = {
        **dict.fromkeys(_TEXTS, _of_text),
        **dict.fromkeys(_BOOKS, _of_book),
        **dict.fromkeys(_KEYED, _of_keys),
        **dict.fromkeys(_PLAIN, _of_nothing),
    }
    if ending not in readers:
        raise Unreadable("columns can be told of CSV, XLSX, JSON and XML only")
    start = file.tell()
    try:
        return {text for text in readers[ending](file) if text}
    finally:
        file.seek(start)


def keys(text: str) -> set[str]:
    """Every name of a value in a sample answer, whatever its form."""
    return set(_of_keys(io.BytesIO(text.encode("utf-8", "ignore"))))
