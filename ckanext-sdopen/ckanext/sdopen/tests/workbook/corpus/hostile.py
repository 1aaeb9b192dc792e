"""Books that were made to hurt: each small, each made at test time."""

import struct
import zipfile
from collections.abc import Iterable, Mapping
from pathlib import Path

from ckanext.sdopen.tests.workbook.corpus.binary import container

_OPEN_XML = "application/vnd.openxmlformats"
_TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    f'<Default Extension="rels" ContentType="{_OPEN_XML}-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/><Override'
    f' PartName="/xl/workbook.xml" ContentType="{_OPEN_XML}-officedocument.spreadsheetml.sheet'
    '.main+xml"/></Types>'
)
_RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
HEADINGS = ("信息资源名称", "信息资源代码", "信息资源摘要", "更新周期")


def _text(cell: str, said: str) -> str:
    return f'<c r="{cell}" t="inlineStr"><is><t>{said}</t></is></c>'


HEADER = (
    '<row r="1">'
    + "".join(_text(f"{c}1", t) for c, t in zip("ABCD", HEADINGS, strict=True))
    + "</row>"
)


def sheet(rows: str, before: str = "") -> str:
    """The XML of a sheet with a header and these rows."""
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>{before}<worksheet xmlns="{MAIN}"><sheetData>'
        f"{HEADER}{rows}</sheetData></worksheet>"
    )


def parts(sheet_xml: str) -> dict[str, str]:
    """The parts of a book of one sheet."""
    return {
        "[Content_Types].xml": _TYPES,
        "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}"><Relationship Id="rId1" '
        f'Type="{_RELATION}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{_RELATION}"><sheets>'
        '<sheet name="目录" sheetId="1" r:id="rId1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_PACKAGE}"><Relationship '
        f'Id="rId1" Type="{_RELATION}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
        "xl/worksheets/sheet1.xml": sheet_xml,
    }


def packed(path: Path, content: Mapping[str, str | bytes]) -> Path:
    """A zip of parts."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name, data in content.items():
            archive.writestr(name, data)
    return path


def far_cell(path: Path) -> Path:
    """A value in the last cell that a sheet can have: 17,179,869,184 cells for a dense reader."""
    row = f'<row r="1048576">{_text("XFD1048576", "x")}</row>'
    return packed(path, parts(sheet(row)))


def far_cell_out_of_order(path: Path) -> Path:
    """The same, hidden behind a nearer cell of its row."""
    row = f'<row r="150000">{_text("XFD150000", "x")}{_text("A150000", "x")}</row>'
    return packed(path, parts(sheet(row)))


def _streamed(path: Path, part: str, pieces: Iterable[bytes]) -> Path:
    """A book of which one part is written piece by piece: the test stays small itself."""
    content = parts(sheet(""))
    content.pop(part, None)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        for name, data in content.items():
            archive.writestr(name, data)
        with archive.open(part, "w", force_zip64=True) as stream:
            for piece in pieces:
                stream.write(piece)
    return path


def many_cells(path: Path) -> Path:
    """A small file of five million equal cells."""
    head, tail = sheet("|").encode().split(b"|")
    row = b"<row>" + b"<c><v>1</v></c>" * 26 + b"</row>"
    return _streamed(path, "xl/worksheets/sheet1.xml", [head, *[row * 1000] * 190, tail])


def zip_bomb(path: Path) -> Path:
    """A part of 700 MB of blanks."""
    return _streamed(path, "xl/media/image1.xml", [b" " * (1 << 20)] * 700)


def lying_size(path: Path) -> Path:
    """A sheet that says it is small and unpacks to 300 MB."""
    head = sheet("<row r='2'><c r='A2'><v>1</v></c></row>").encode()
    _streamed(path, "xl/worksheets/sheet1.xml", [head, *[b" " * (1 << 20)] * 300])
    real = struct.pack("<I", len(head) + (300 << 20))
    data = path.read_bytes()
    assert real in data
    path.write_bytes(data.replace(real, struct.pack("<I", len(head))))
    return path


def entity_bomb(path: Path, part: str = "xl/worksheets/sheet1.xml") -> Path:
    """A billion laughs, in any part."""
    entities = '<!ENTITY a "' + "x" * 64 + '">'
    for new, old in zip("bcdefghij", "abcdefghi", strict=True):
        entities += f'<!ENTITY {new} "' + f"&{old};" * 10 + '">'
    declared = f"<!DOCTYPE worksheet [{entities}]>"
    content = parts(sheet("<row r='2'><c r='A2' t='str'><v>&j;</v></c></row>", declared))
    if part != "xl/worksheets/sheet1.xml":
        content |= parts(sheet(""))
        content[part] = f"<?xml version='1.0'?>{declared}<a>&j;</a>"
    return packed(path, content)


def protected(path: Path) -> Path:
    """What a spreadsheet saves under a password: an OLE container around the encrypted package."""
    path.write_bytes(container({"EncryptedPackage": b"\x5a" * 4096}))
    return path
