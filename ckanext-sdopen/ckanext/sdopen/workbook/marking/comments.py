"""Comments on cells: the department's own are kept, those of an earlier check replaced."""

import re
from collections.abc import Mapping
from xml.sax.saxutils import escape

from lxml import etree

from ckanext.sdopen.sheets.addresses import address, parsed
from ckanext.sdopen.standard.findings import SEVERITIES
from ckanext.sdopen.workbook.marking.parts import named_like
from ckanext.sdopen.workbook.messages import say

AUTHOR = "目录表检查"
_ADDED = tuple(
    f"\n【{say(severity, lang)}】" for severity in SEVERITIES[:2] for lang in ("zh", "en")
)
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_SHAPE = re.compile(rb"<v:shape\s.*?</v:shape>", re.DOTALL)
_PLACE = {
    name: re.compile(rb"<x:" + name.encode() + rb">\s*(\d+)\s*</x:" + name.encode() + rb">")
    for name in ("Row", "Column")
}
_BLOCKS = re.compile(rb'(<o:idmap[^>]*\sdata=")([^"]*)"')
_SHAPE_NUMBER = re.compile(rb"_x0000_s(\d+)")
# shapes are numbered in blocks of 1,024, which the drawing names
_BLOCK = 1024
FIRST_BLOCK = 100
# characters in a line of a box
_LINE = 22
_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
Cell = tuple[int, int]
_HEAD = (
    '<xml xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office"'
    ' xmlns:x="urn:schemas-microsoft-com:office:excel"><o:shapelayout v:ext="edit">'
    '<o:idmap v:ext="edit" data="{blocks}"/></o:shapelayout><v:shapetype id="_x0000_t202"'
    ' coordsize="21600,21600" o:spt="202" path="m,l,21600r21600,l21600,xe"><v:stroke'
    ' joinstyle="miter"/><v:path gradientshapeok="t" o:connecttype="rect"/></v:shapetype>'
)
_BOX = (
    '<v:shape id="_x0000_s{number}" type="#_x0000_t202" style="position:absolute;width:220pt;'
    'height:{height}pt;z-index:{order};visibility:hidden" fillcolor="#ffffe1" o:insetmode="auto">'
    '<v:fill color2="#ffffe1"/><v:shadow on="t" color="black" obscured="t"/><v:path'
    ' o:connecttype="none"/><v:textbox style="mso-direction-alt:auto"><div'
    ' style="text-align:left"></div></v:textbox><x:ClientData ObjectType="Note">'
    "<x:MoveWithCells/><x:SizeWithCells/><x:Anchor>{left}, 15, {row}, 2, {right}, 15, {bottom}, 4"
    "</x:Anchor><x:AutoFill>False</x:AutoFill><x:Row>{row}</x:Row><x:Column>{column}</x:Column>"
    "</x:ClientData></v:shape>"
)


def line(severity: str, sentence: str, lang: str) -> str:
    """A finding in a comment."""
    return f"【{say(severity, lang)}】{sentence}"


def printable(text: str) -> str:
    """A text as XML may hold it."""
    return escape(_UNPRINTABLE.sub("", text))


def merged(
    existing: etree._Element | None, texts: Mapping[Cell, str]
) -> tuple[bytes, set[Cell], set[Cell]]:
    """(the comments part, cells that had a comment of the department's, cells cleared of ours)."""
    root = existing
    if root is None:
        root = etree.Element(f"{{{_MAIN}}}comments", nsmap={None: _MAIN})
    name = named_like(root, "")
    authors, listed = _child(root, name + "authors", 0), _child(root, name + "commentList", 1)
    known = [one.text or "" for one in authors]
    ours = {str(number) for number, one in enumerate(known) if one == AUTHOR}
    cleared: set[Cell] = set()
    for comment in list(listed):
        place = parsed(comment.get("ref", ""))
        if comment.get("authorId") in ours and place:
            cleared.add(place)
            listed.remove(comment)
    own = {place: c for c in listed if (place := parsed(c.get("ref", "")))}
    for comment in own.values():
        _without_ours(comment, name)
    if not ours:
        etree.SubElement(authors, name + "author").text = AUTHOR
        ours = {str(len(known))}
    author = min(ours)
    for cell, text in sorted(texts.items()):
        noted = own.get(cell)
        if noted is None:
            noted = etree.SubElement(listed, name + "comment", ref=address(*cell), authorId=author)
        held = _child(noted, name + "text", 0)
        run = etree.SubElement(etree.SubElement(held, name + "r"), name + "t")
        run.text = _UNPRINTABLE.sub("", f"\n{text}" if cell in own else text)
        run.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
    data = etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
    return data, set(own), cleared


def _without_ours(comment: etree._Element, name: str) -> None:
    """Take from a comment of the department's what an earlier check had added at its end.

    Programs that save a book may have joined it with the text before.
    """
    cut = False
    for text in comment.iter(name + "t"):
        said = "" if cut else text.text or ""
        places = [place for added in _ADDED if (place := said.find(added)) >= 0]
        cut = cut or bool(places)
        text.text = said[: min(places)] if places else said


def _child(parent: etree._Element, name: str, place: int) -> etree._Element:
    found = parent.find(name)
    if found is None:
        found = etree.Element(name)
        parent.insert(place, found)
    return found


def drawing(
    existing: bytes | None,
    texts: Mapping[Cell, str],
    own: set[Cell],
    cleared: set[Cell],
    first: int,
) -> bytes:
    """The boxes of the comments; those of cleared comments go, the department's stay.

    `first` is the first block of numbers that no other drawing of the book uses.
    """
    kept = existing or b""
    if cleared:
        kept = _SHAPE.sub(lambda shape: b"" if _place(shape[0]) in cleared else shape[0], kept)
    used = [int(number) for number in _SHAPE_NUMBER.findall(kept)]
    block = max([first, *(number // _BLOCK + 1 for number in used)])
    new = [cell for cell in sorted(texts) if cell not in own]
    boxes = "".join(
        _box(cell, texts[cell], block * _BLOCK + 1 + place + place // (_BLOCK - 1), place + 1)
        for place, cell in enumerate(new)
    ).encode()
    blocks = ",".join(str(block + i) for i in range(blocks_of(texts)))
    if not existing:
        return _HEAD.format(blocks=blocks).encode() + boxes + b"</xml>"
    kept = _BLOCKS.sub(rb"\g<1>\g<2>," + blocks.encode() + b'"', kept, count=1)
    end = kept.rfind(b"</xml>")
    return kept[:end] + boxes + kept[end:]


def blocks_of(texts: Mapping[Cell, str]) -> int:
    """How many blocks of numbers so many boxes take."""
    return len(texts) // (_BLOCK - 1) + 1


def _box(cell: Cell, text: str, number: int, order: int) -> str:
    row, column = cell
    lines = text.count("\n") + len(text) // _LINE
    size = {"height": 60 + 14 * min(12, lines), "bottom": row + 4}
    sides = {"left": column + 1, "right": column + 4}
    return _BOX.format(number=number, order=order, row=row, column=column, **size, **sides)


def _place(shape: bytes) -> Cell | None:
    row, column = (_PLACE[name].search(shape) for name in ("Row", "Column"))
    return (int(row[1]), int(column[1])) if row and column else None
