"""Mark cells in the XML of a sheet while it streams; what is not marked passes as it is."""

import re
from collections.abc import Iterable, Iterator, Mapping

from ckanext.sdopen.sheets.addresses import address, column_of
from ckanext.sdopen.sheets.xlsx import rows_xml
from ckanext.sdopen.sheets.xlsx.rows_xml import CELL, attribute
from ckanext.sdopen.workbook.marking.styles import Styles

# {column: severity} of the faulty cells of a row
Faulty = Mapping[int, str]
_REFERENCE = re.compile(rb"([A-Z]{1,3})\d+")
_STYLE = re.compile(rb"(\ss\s*=\s*[\"'])(\d+)([\"'])")
_TAG = re.compile(rb"<(/?)(?:\w+:)?(\w+)[^<>]*?(/?)>")
# what follows a legacyDrawing in a worksheet (ECMA-376, CT_Worksheet)
_AFTER = frozenset(
    b"legacyDrawingHF drawingHF picture oleObjects controls webPublishItems tableParts extLst"
    b" AlternateContent".split()
)
_RELATIONS = b"http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def marked(
    chunks: Iterable[bytes], faulty: Mapping[int, Faulty], styles: Styles, drawing: str
) -> Iterator[bytes]:
    """The bytes of a sheet with its faulty cells marked.

    Args:
        chunks: the sheet's XML.
        faulty: {row: {column: severity}}, from 0.
        styles: the book's styles, which grow.
        drawing: relation id of the comments' drawing, empty where the sheet gets none or has one.
    """
    number, prefix = -1, b""
    tail: list[bytes] = []
    for is_row, piece in rows_xml.pieces(chunks):
        if not is_row:
            # all that follows the last row is the tail; what precedes a row was no tail
            tail.append(piece)
            continue
        yield from tail
        tail = []
        number = rows_xml.number_of(piece, number)
        prefix = piece[1 : piece.find(b"row")]
        cells = faulty.get(number)
        yield _row(piece, number, cells or {}, styles) if cells or styles.old_marks else piece
    end = b"".join(tail)
    yield _with_drawing(end, prefix, drawing) if drawing else end


def _row(row: bytes, number: int, faulty: Faulty, styles: Styles) -> bytes:
    """A row with its cells marked; cells that are absent are put where they belong."""
    tag_end = row.find(b">") + 1
    prefix = row[1 : row.find(b"row")]
    empty = row[tag_end - 2 : tag_end] == b"/>"
    written = [row[: tag_end - 2] + b">" if empty else row[:tag_end]]
    missing = sorted(faulty)
    column, position = -1, tag_end
    for found in CELL.finditer(row, tag_end) if not empty else ():
        said = _REFERENCE.match(attribute("r", found[2]) or b"")
        column = column_of(said[1].decode()) if said else column + 1
        written.append(row[position : found.start()])
        while missing and missing[0] < column:
            place = missing.pop(0)
            written.append(_new_cell(prefix, number, place, faulty[place], styles))
        if missing and missing[0] == column:
            missing.pop(0)
        written.append(_cell(found, faulty.get(column, ""), styles))
        position = found.end()
    for place in missing:
        written.append(_new_cell(prefix, number, place, faulty[place], styles))
    written.append(b"</" + prefix + b"row>" if empty else row[position:])
    return b"".join(written)


def _new_cell(prefix: bytes, number: int, place: int, severity: str, styles: Styles) -> bytes:
    style = styles.marked(0, severity)
    return b'<%sc r="%s" s="%d"/>' % (prefix, address(number, place).encode(), style)


def _cell(found: re.Match[bytes], severity: str, styles: Styles) -> bytes:
    given = attribute("s", found[2])
    style = int(given) if given and given.isdigit() else 0
    if severity:
        new = styles.marked(style, severity)
    elif style in styles.old_marks:
        new = styles.cleared(style)
    else:
        return found[0]
    start, end = found.start(2) - found.start(), found.end(2) - found.start()
    attributes = found[2]
    if given is None:
        attributes += b' s="%d"' % new
    else:
        attributes = _STYLE.sub(rb"\g<1>%d\g<3>" % new, attributes, count=1)
    return found[0][:start] + attributes + found[0][end:]


def _with_drawing(tail: bytes, prefix: bytes, drawing: str) -> bytes:
    """The tail of a sheet with a legacyDrawing where the schema wants it."""
    depth, place = 1, -1  # within sheetData, whose end tag comes first
    for tag in _TAG.finditer(tail):
        if tag[1]:
            depth -= 1
            if depth < 0:
                place = tag.start()
                break
        else:
            if depth == 0 and tag[2] in _AFTER:
                place = tag.start()
                break
            depth += not tag[3]
    element = b'<%slegacyDrawing xmlns:r="%s" r:id="%s"/>' % (
        prefix,
        _RELATIONS,
        drawing.encode(),
    )
    return tail[:place] + element + tail[place:] if place >= 0 else tail
