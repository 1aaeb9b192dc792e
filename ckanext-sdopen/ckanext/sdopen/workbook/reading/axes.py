"""共享属性 and 开放属性 of a block: the catalog's classes, or its items' where the rows differ."""

from typing import Any

from ckanext.sdopen import codes
from ckanext.sdopen.standard.classes import CLASSES, CONDITIONAL, NONE, UNCONDITIONAL
from ckanext.sdopen.standard.findings import Finding
from ckanext.sdopen.workbook.columns import ITEMS
from ckanext.sdopen.workbook.reading.block_entry import Built
from ckanext.sdopen.workbook.reading.blocks import Block, Row
from ckanext.sdopen.workbook.reading.cells import text
from ckanext.sdopen.workbook.reading.layout import CONDITIONS, Layout

_OPENING = ("opening", "is_open", "opening_condition")


def set_classes(block: Block, layout: Layout, built: Built, item_rows: list[Row]) -> None:
    """共享类型 and 开放类型: the catalog's, or the items' where the rows differ."""
    rows = block.rows if block.loose else block.rows[:1]
    axes = (("sharing", _sharing, CONDITIONS[:1]), ("opening", _opening, CONDITIONS[1:]))
    for axis, read, conditions in axes:
        said = {number: read(row, layout) for number, row in rows}
        stated = [value for value in said.values() if value]
        known = [value for value in CLASSES if value in stated]
        chosen = known[0] if len(known) == len(set(stated)) and known else next(iter(stated), "")
        if chosen:
            built.entry[axis] = chosen
        if len(set(stated)) > 1:
            _item_classes(axis, said, built, item_rows, layout)
        _conditions(axis, conditions, said, built, rows, layout)
    _check_opening(block, layout, built)


def _sharing(row: list[Any], layout: Layout) -> str:
    position = layout.named.get("sharing")
    said = "" if position is None else text(row[position])
    return codes.load("sharing").find(said) or said


def _opening(row: list[Any], layout: Layout) -> str:
    """是否向社会开放: 否 is none; 是 is conditional with a condition, else unconditional."""
    cells = {name: text(row[layout.named[name]]) for name in _OPENING if name in layout.named}
    named, answer = cells.get("opening", ""), cells.get("is_open", "")
    if named:
        return codes.load("opening").find(named) or named
    yes = codes.load("yes_no").find(answer)
    if yes is None:
        return codes.load("opening").find(answer) or answer
    if yes == "false":
        return NONE
    return CONDITIONAL if cells.get("opening_condition") else UNCONDITIONAL


def _item_classes(
    axis: str, said: dict[int, str], built: Built, item_rows: list[Row], layout: Layout
) -> None:
    """Rows that differ: an item's own class is its row's, where no column of items says it."""
    chosen = built.entry[axis]
    for item, (number, _) in zip(built.entry.get(ITEMS, ()), item_rows, strict=True):
        own = said.get(number, "")
        if own and own != chosen:
            item.setdefault(axis, own)
    row = next(number for number, value in said.items() if value and value != chosen)
    position = layout.named[axis] if axis in layout.named else layout.named["is_open"]
    taken = codes.load(axis).label(chosen)
    params = {"taken_zh": taken, "taken_en": codes.load(axis).label(chosen, "en")}
    built.findings.append((Finding("item_classes_differ", axis, params), row, position))


def _conditions(
    axis: str,
    names: tuple[str, ...],
    said: dict[int, str],
    built: Built,
    rows: list[Row],
    layout: Layout,
) -> None:
    """The conditions and bases of the rows that bear the catalog's class."""
    chosen = built.entry.get(axis, "")
    for name in names:
        position = layout.named.get(name)
        if position is None:
            continue
        for number, row in rows:
            value = text(row[position])
            if value and said[number] in ("", chosen):
                built.entry.setdefault(name, value)
                break
    without_basis = "closing_basis" not in layout.named
    if axis == "opening" and chosen == NONE and without_basis:
        # the older form has one column for both
        basis = built.entry.pop("opening_condition", "")
        if basis:
            built.entry["closing_basis"] = basis


def _check_opening(block: Block, layout: Layout, built: Built) -> None:
    """是否向社会开放 and 开放类型 say the same."""
    if "opening" not in layout.named or "is_open" not in layout.named:
        return
    number, row = block.rows[0]
    yes = codes.load("yes_no").find(text(row[layout.named["is_open"]]))
    named = codes.load("opening").find(text(row[layout.named["opening"]]))
    if yes and named and (yes == "false") != (named == NONE):
        position = layout.named["is_open"]
        built.findings.append((Finding("opening_contradicts", "opening"), number, position))
