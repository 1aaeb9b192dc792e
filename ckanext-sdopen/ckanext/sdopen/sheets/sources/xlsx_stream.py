"""A sheet of an xlsx row by row: what is in memory are its shared texts and one row."""

import html
import re
from collections.abc import Iterator
from datetime import datetime, time, timedelta
from functools import lru_cache
from typing import Any
from zipfile import ZipFile

from lxml import etree

from ckanext.sdopen.sheets.addresses import column_of
from ckanext.sdopen.sheets.messages import SheetError
from ckanext.sdopen.sheets.xlsx import book_parts, rows_xml
from ckanext.sdopen.sheets.xlsx.rows_xml import attribute
from ckanext.sdopen.sheets.xlsx.zip_archive import Part

_VALUE = re.compile(rb"<(?:\w+:)?v(?:\s[^>]*)?>([^<]*)</")
# a cell as all common programs write it
_USUAL = re.compile(
    rb'<c r="([A-Z]{1,3})\d+"(?: s="(\d+)")?(?: t="(\w+)")?(?:/>|><v>([^<]*)</v></c>'
    rb"|><is><t(?: [^>]*)?>([^<]*)</t></is></c>)"
)
_TEXT = re.compile(rb"<(?:\w+:)?t(?:\s[^>]*)?>([^<]*)</")
_PHONETIC = re.compile(rb"<(?:\w+:)?rPh\b.*?</(?:\w+:)?rPh>", re.DOTALL)
# _x000D_ is how an xlsx writes a sign that XML may not hold
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
# of the formats that every spreadsheet knows, those of days and times
_DAYS = {*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)}
_NOT_SIGNS = re.compile(r'"[^"]*"|\\.|_.|\*.|\[(?!h+\]|m+\]|s+\])[^\]]*\]', re.IGNORECASE)
_ELAPSED = re.compile(r"\[[hms]+\]", re.IGNORECASE)
_EPOCHS = {False: datetime(1899, 12, 30), True: datetime(1904, 1, 1)}
# 9999-12-31
_LAST_DAY = 2_958_466


@lru_cache(maxsize=1024)
def _column(letters: bytes) -> int:
    return column_of(letters.decode())


def _plain(text: str) -> str:
    return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text) if "_x" in text else text


def _decoded(raw: bytes) -> str:
    text = raw.decode("utf-8")
    return _plain(html.unescape(text) if "&" in text else text)


class Book:
    """An xlsx whose sheets are read row by row; the archive stays open meanwhile."""

    def __init__(self, archive: ZipFile) -> None:
        self._archive = archive
        _, from_1904 = book_parts.sheet_parts(archive)
        self._epoch = _EPOCHS[from_1904]
        self._hidden = set()
        for sheet in book_parts.xml_of(archive, "xl/workbook.xml").iterfind(".//{*}sheet"):
            if sheet.get("state", "visible") != "visible":
                self._hidden.add(sheet.get("name", ""))
        names = archive.namelist()
        self._shared = self._texts() if "xl/sharedStrings.xml" in names else []
        self._styles = self._kinds() if "xl/styles.xml" in names else {}

    def hidden(self, sheet: str) -> bool:
        """Whether a sheet is hidden."""
        return sheet in self._hidden

    def _texts(self) -> list[str]:
        texts = []
        with self._archive.open("xl/sharedStrings.xml") as stream:
            part: Any = Part(stream, "xl/sharedStrings.xml")
            try:
                found: Any = etree.iterparse(
                    part, tag="{*}si", resolve_entities=False, no_network=True
                )
                for _, element in found:
                    said = (
                        one.text or ""
                        for one in element.iter("{*}t")
                        if not any(above.tag.endswith("}rPh") for above in one.iterancestors())
                    )
                    texts.append(_plain("".join(said)))
                    element.clear()
                    while element.getprevious() is not None:
                        del element.getparent()[0]
            except etree.XMLSyntaxError as error:
                raise SheetError("damaged", detail=f"sharedStrings: {error}") from None
        return texts

    def _kinds(self) -> dict[bytes, str]:
        """{style of a cell: `day` or `elapsed`} of styles that show numbers so."""
        styles = book_parts.xml_of(self._archive, "xl/styles.xml")
        formats = {
            one.get("numFmtId"): _kind(one.get("formatCode", ""))
            for one in styles.iterfind(".//{*}numFmts/{*}numFmt")
        }
        kinds = {}
        for number, style in enumerate(styles.iterfind(".//{*}cellXfs/{*}xf")):
            used = style.get("numFmtId", "0")
            known = "elapsed" if used == "46" else "day" if int(used) in _DAYS else ""
            kind = formats.get(used, known)
            if kind:
                kinds[str(number).encode()] = kind
        return kinds

    def rows(self, part: str, width: int) -> Iterator[tuple[int, list[Any]]]:
        """(number from 1, cells, at least `width`) of the rows of a sheet that hold something."""
        number = -1
        with self._archive.open(part) as stream:
            for is_row, piece in rows_xml.pieces(Part(stream, part)):
                if not is_row:
                    continue
                number = rows_xml.number_of(piece, number)
                row: list[Any] = []
                for column, value in self._cells(piece):
                    if value != "":
                        row += [""] * (column - len(row))
                        row.append(value)
                if row:
                    row += [""] * (width - len(row))
                    yield number + 1, row

    def _cells(self, piece: bytes) -> Iterator[tuple[int, Any]]:
        """(column, value) of the cells of a row."""
        usual = _USUAL.findall(piece)
        if len(usual) == piece.count(b"<c ") and b":c " not in piece:
            for letters, style, kind, raw, inline in usual:
                if inline:
                    yield _column(letters), _decoded(inline)
                elif raw:
                    yield _column(letters), self._typed(kind or b"n", raw, style or b"0")
        else:
            for column, attributes, inner in rows_xml.cells(piece):
                yield column, self._value(attributes, inner) if inner else ""

    def _value(self, attributes: bytes, inner: bytes) -> Any:
        kind = attribute("t", attributes) or b"n"
        if kind == b"inlineStr":
            return "".join(map(_decoded, _TEXT.findall(_PHONETIC.sub(b"", inner))))
        found = _VALUE.search(inner)
        style = attribute("s", attributes) or b"0"
        return self._typed(kind, found[1], style) if found else ""

    def _typed(self, kind: bytes, raw: bytes, style: bytes) -> Any:
        if kind == b"s":
            place = int(raw)
            return self._shared[place] if place < len(self._shared) else ""
        if kind == b"n":
            return self._number(raw, style)
        if kind == b"b":
            return raw.strip() == b"1"
        return "" if kind == b"e" else _decoded(raw)

    def _number(self, raw: bytes, style: bytes) -> Any:
        try:
            value = float(raw)
        except ValueError:
            return _decoded(raw)
        kind = self._styles.get(style)
        if not kind or not 0 <= value < _LAST_DAY:
            return value
        if kind == "elapsed":
            return timedelta(days=value)
        moment = self._epoch + timedelta(days=value)
        return moment if value >= 1 else moment.time() if value else time.min


def _kind(code: str) -> str:
    """Whether a format shows days and times."""
    signs = _NOT_SIGNS.sub("", code.split(";")[0])
    if _ELAPSED.search(signs):
        return "elapsed"
    return "day" if re.search(r"[ymdhs年月日]", signs, re.IGNORECASE) else ""
