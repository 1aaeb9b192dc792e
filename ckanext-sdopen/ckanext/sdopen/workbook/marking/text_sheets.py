"""New sheets of texts, written row by row: every cell a string, never a formula."""

import re
from collections.abc import Iterable, Iterator, Sequence

from ckanext.sdopen.sheets.addresses import letters
from ckanext.sdopen.workbook.marking.comments import printable

# what a cell can hold
_LONGEST = 32_767
_ESCAPED = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
# (text, style) of each cell; an empty text leaves the cell out
Row = Sequence[tuple[str, int]]
_HEAD = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<worksheet xmlns='
    '"http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetViews><sheetView'
    ' workbookViewId="0">{pane}</sheetView></sheetViews><sheetFormatPr defaultRowHeight="15"/>'
    "<cols>{columns}</cols><sheetData>"
)
_PANE = (
    '<pane ySplit="{rows}" topLeftCell="A{next}" activePane="bottomLeft" state="frozen"/>'
    '<selection pane="bottomLeft"/>'
)


def _cell(text: str, name: str, row: int, style: int) -> str:
    if len(text) > _LONGEST:
        text = text[: _LONGEST - 1] + "…"
    if "_x" in text:
        text = _ESCAPED.sub("_x005F_", text)
    return (
        f'<c r="{name}{row}" s="{style}" t="inlineStr"><is><t xml:space="preserve">'
        f"{printable(text)}</t></is></c>"
    )


def written(
    rows: Iterable[Row], widths: Sequence[int], frozen: int = 0, merges: Sequence[str] = ()
) -> Iterator[bytes]:
    """The XML of a sheet in pieces; `frozen` rows stay in sight, `merges` are like A1:B2."""
    columns = "".join(
        f'<col min="{place}" max="{place}" width="{width}" customWidth="1"/>'
        for place, width in enumerate(widths, start=1)
    )
    pane = _PANE.format(rows=frozen, next=frozen + 1) if frozen else ""
    yield _HEAD.format(pane=pane, columns=columns).encode()
    for number, row in enumerate(rows, start=1):
        cells = (
            _cell(text, letters(place), number, style)
            for place, (text, style) in enumerate(row)
            if text
        )
        yield f'<row r="{number}">{"".join(cells)}</row>'.encode()
    yield b"</sheetData>"
    if merges:
        listed = "".join(f'<mergeCell ref="{one}"/>' for one in merges)
        yield f'<mergeCells count="{len(merges)}">{listed}</mergeCells>'.encode()
    yield b"</worksheet>"
