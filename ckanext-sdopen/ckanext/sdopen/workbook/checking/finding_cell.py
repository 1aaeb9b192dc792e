"""The cell that a finding speaks of."""

from ckanext.sdopen.standard.findings import Finding
from ckanext.sdopen.workbook.columns import ITEMS
from ckanext.sdopen.workbook.reading.block_entry import Built
from ckanext.sdopen.workbook.reading.blocks import Block
from ckanext.sdopen.workbook.reading.layout import Layout


def positions(finding: Finding, layout: Layout) -> tuple[int, ...]:
    """The columns where a finding may stand; the nearest one that the sheet has."""
    title = (layout.named["title"],)
    field = "tag_string" if finding.field == "tags" else finding.field
    part = finding.part if finding.item is not None else ""
    found = layout.by_element.get((field, part))
    if found:
        return found
    if field == ITEMS and "item_name" in layout.named:
        return (layout.named["item_name"],)
    return title


def cell_of(finding: Finding, built: Built, block: Block, layout: Layout) -> tuple[int, int]:
    """(row, column) of a finding, from 0: where its value stands, or should."""
    places = positions(finding, layout)
    if finding.item is not None and finding.field == ITEMS:
        return built.item_rows[finding.item], places[0]
    for position in places:
        row, cell = block.first(position)
        if cell != "":
            return row, position
    return block.rows[0][0], places[0]
