"""The styles of a book: copies of its own with a fill that marks a cell, and a few for new sheets.

A cell keeps number format, font, border, alignment; only the fill changes. The colours are next to
those that spreadsheets offer, so that marks of an earlier check are known as ours.
"""

from copy import deepcopy

from lxml import etree

from ckanext.sdopen.standard.findings import ERROR, WARNING
from ckanext.sdopen.workbook.marking.parts import named_like
from ckanext.sdopen.workbook.messages import BookError

COLOURS = {ERROR: "FFFFC7C8", WARNING: "FFFFEB9D"}
HEADING, TEXT = "heading", "text"
_HEADING_COLOUR = "FFDDEBF7"


class Styles:
    """styles.xml with what was added to it."""

    def __init__(self, root: etree._Element) -> None:
        self.root = root
        self._name = named_like(root, "")
        self._fills, self._formats = self._part("fills"), self._part("cellXfs")
        if not len(self._formats):
            raise BookError("book_damaged", detail="styles.xml")
        self._fonts = self._part("fonts")
        self._ours = self._own_fills()
        self._known: dict[tuple[int, str], int] = {}
        self._fill_ids: dict[str, int] = {}
        # styles that an earlier check made: their cells are cleared where they are sound now
        self.old_marks = frozenset(
            number
            for number, one in enumerate(self._formats)
            if int(one.get("fillId", 0)) in self._ours
        )

    def _part(self, name: str) -> etree._Element:
        found = self.root.find(self._name + name)
        if found is None:
            raise BookError("book_damaged", detail=f"styles.xml: {name}")
        return found

    def _own_fills(self) -> frozenset[int]:
        colours = set(COLOURS.values())
        return frozenset(
            number
            for number, fill in enumerate(self._fills)
            if any(one.get("rgb") in colours for one in fill.iter(self._name + "fgColor"))
        )

    def _fill(self, colour: str) -> int:
        if colour not in self._fill_ids:
            fill = etree.SubElement(self._fills, self._name + "fill")
            pattern = etree.SubElement(fill, self._name + "patternFill", patternType="solid")
            etree.SubElement(pattern, self._name + "fgColor", rgb=colour)
            etree.SubElement(pattern, self._name + "bgColor", indexed="64")
            self._fill_ids[colour] = len(self._fills) - 1
        return self._fill_ids[colour]

    def _copy(self, style: int, fill: int) -> int:
        copy = deepcopy(self._formats[style if style < len(self._formats) else 0])
        copy.set("fillId", str(fill))
        copy.set("applyFill", "1")
        self._formats.append(copy)
        return len(self._formats) - 1

    def marked(self, style: int, severity: str) -> int:
        """The style of a faulty cell whose own style is this one."""
        key = (style, severity)
        if key not in self._known:
            self._known[key] = self._copy(style, self._fill(COLOURS[severity]))
        return self._known[key]

    def cleared(self, style: int) -> int:
        """The style of a cell that an earlier check marked and that is sound now."""
        key = (style, "")
        if key not in self._known:
            self._known[key] = self._copy(style, 0)
        return self._known[key]

    def plain(self, kind: str) -> int:
        """A style for new sheets: `heading`, `text`, or a severity; texts are texts, wrapped."""
        key = (-1, kind)
        if key not in self._known:
            colour = {**COLOURS, HEADING: _HEADING_COLOUR}.get(kind)
            style = etree.SubElement(
                self._formats,
                self._name + "xf",
                numFmtId="49",
                fontId=str(self._bold() if kind == HEADING else 0),
                fillId=str(self._fill(colour) if colour else 0),
                borderId="0",
                xfId="0",
                applyNumberFormat="1",
                applyFont="1",
                applyFill="1",
                applyAlignment="1",
            )
            etree.SubElement(style, self._name + "alignment", vertical="top", wrapText="1")
            self._known[key] = len(self._formats) - 1
        return self._known[key]

    def _bold(self) -> int:
        font = deepcopy(self._fonts[0]) if len(self._fonts) else etree.Element(self._name + "font")
        if font.find(self._name + "b") is None:
            font.insert(0, etree.Element(self._name + "b"))
        self._fonts.append(font)
        return len(self._fonts) - 1

    def as_bytes(self) -> bytes:
        """The part as it is written."""
        for part in (self._fills, self._formats, self._fonts):
            part.set("count", str(len(part)))
        return etree.tostring(self.root, xml_declaration=True, encoding="UTF-8", standalone=True)
