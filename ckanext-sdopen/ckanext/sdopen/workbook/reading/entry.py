"""From a block to an entry as the action API takes it, with the cells that call for a word."""

from collections.abc import Iterator
from typing import Any

from ckanext.sdopen import codes
from ckanext.sdopen.standard import confidential
from ckanext.sdopen.standard.classes import NONE
from ckanext.sdopen.standard.findings import Finding
from ckanext.sdopen.standard.rules import code_parts
from ckanext.sdopen.workbook.columns import ITEMS
from ckanext.sdopen.workbook.reading import axes
from ckanext.sdopen.workbook.reading.block_entry import Built
from ckanext.sdopen.workbook.reading.blocks import Block, Row
from ckanext.sdopen.workbook.reading.cells import DROPPED, text
from ckanext.sdopen.workbook.reading.layout import CLASSES, CONDITIONS, Layout

_NO_SECRET = frozenset({"否", "无", "非密", "公开", "内部", "不涉密", "非涉密", "普通", "一般"})


def build(block: Block, layout: Layout) -> Built:
    """The entry of a block; values that cannot be read stay as they are written."""
    built = Built({"type": "dataset"}, [])
    _catalog(block, layout, built)
    axes.set_classes(block, layout, built, _items(block, layout, built))
    for row, position in block.differing:
        _differing(block, layout, built, row, position)
    return built


def _catalog(block: Block, layout: Layout, built: Built) -> None:
    entry = built.entry
    parts: list[tuple[str, int, Any]] = []
    for place in layout.catalog:
        column = place.column
        if column.reading == "none" or column.name in CLASSES or column.name in CONDITIONS:
            continue
        number, cell = block.first(place.position)
        if cell == "":
            continue
        value, doubt = place.read(cell)
        if column.reading == "secrecy":
            _secrecy(built, str(value), number, place.position)
        elif column.reading == "part":
            parts.append((column.element, place.position, (value, doubt)))
        elif value not in ("", []):
            entry[column.element] = value
            if doubt:
                named = {**doubt[1], "label": column.label}
                built.findings.append(
                    (Finding(doubt[0], column.element, named), number, place.position)
                )
    _classification(entry, parts, built)
    if "tag_string" in entry:
        entry["tags"] = [{"name": tag} for tag in entry.pop("tag_string")]


def _secrecy(built: Built, said: str, row: int, position: int) -> None:
    """The column 密级: whatever it says but that there is none refuses the entry."""
    if said in _NO_SECRET:
        return
    work = confidential.mark(said) == confidential.WORK_SECRET
    code = confidential.WORK_SECRET if work else confidential.STATE_SECRET
    built.findings.append((Finding(code, "secrecy"), row, position))


def _classification(entry: dict[str, Any], parts: list[Any], built: Built) -> None:
    """项, 目, 细目 as digits; names in their place go where the resource code tells the digits."""
    known = code_parts(str(entry.get("resource_code") or ""))
    for element, position, (value, doubt) in parts:
        if doubt and doubt[0] == DROPPED:
            found = codes.load("division").find(value) if element == "division" else None
            if found:
                value = found
            elif known:
                built.dropped.append(position)
                continue
        if element == "detail":
            entry[element] = entry.get(element, "") + value
        else:
            # a spreadsheet loses the zeros before a number
            entry[element] = value.zfill({"division": 2, "subject": 3}[element])
    category = entry.get("category")
    if category and category not in codes.load("category") and known:
        entry["category"] = known["category"]


def _items(block: Block, layout: Layout, built: Built) -> list[Row]:
    """Read the items; returns their rows."""
    listed: list[dict[str, Any]] = []
    rows: list[Row] = []
    for number, row in block.rows:
        cells = layout.pick_items(row)
        if cells == layout.blank_items:
            continue
        item: dict[str, Any] = {}
        for place, cell in zip(layout.items, cells, strict=True):
            if cell == "":
                continue
            column = place.column
            value, _ = place.read(cell)
            if column.element == "opening":
                value = _item_opening(value)
            if value != "":
                item[column.element] = value
        if item:
            listed.append(item)
            rows.append((number, row))
    if listed:
        built.entry[ITEMS] = listed
        built.item_rows = [number for number, _ in rows]
    return rows


def _item_opening(said: str) -> str:
    """否 is not opened; 是 is as open as the catalog."""
    answer = codes.load("yes_no").find(said)
    return said if answer is None else ("" if answer == "true" else NONE)


def _differing(block: Block, layout: Layout, built: Built, row: int, position: int) -> None:
    column = layout.header.columns[position]
    first, known = block.first(position)
    cell = next(cells[position] for number, cells in block.rows if number == row)
    params = {
        "label": column.label,
        "value": text(cell),
        "first": text(known),
        "row": first + 1,
    }
    built.findings.append((Finding("block_differs", column.element, params), row, position))


def marks(block: Block) -> Iterator[tuple[str, int, int]]:
    """(mark, row, position) of marks of secrecy in any cell of a block, read or not."""
    for number, row in block.rows:
        for position, cell in enumerate(row):
            if type(cell) is str and "密" in cell:
                found = confidential.mark(cell)
                if found:
                    yield found, number, position
