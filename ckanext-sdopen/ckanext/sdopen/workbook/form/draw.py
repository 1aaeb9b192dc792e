"""Draw the official form into a new workbook: merged header, widths, drop-downs, notes."""

from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Any

from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from ckanext.sdopen import codes
from ckanext.sdopen.sheets.addresses import letters
from ckanext.sdopen.workbook.columns import Column

# the header's two rows
HEADER_ROWS = 2
LISTS = "代码表"
# rows below the header that offer drop-downs
_OFFERED_ROWS = 20_000
_SINGLE = ("code", "boolean")
_FONT = {"font_name": "宋体", "font_size": 10}
HEADING = {
    **_FONT,
    "bold": True,
    "align": "center",
    "valign": "vcenter",
    "text_wrap": True,
    "border": 1,
    "bg_color": "#DDEBF7",
}
CELL = {**_FONT, "valign": "top", "text_wrap": True, "border": 1, "num_format": "@"}


def list_of(column: Column) -> str:
    """The code list that a column offers; empty where it has none."""
    if column.name == "is_open":
        return "yes_no"
    element = column.standard_element()
    if element is None or element.kind not in (*_SINGLE, "codes", "words"):
        return "division" if column.name == "division" else ""
    return element.codes or ("yes_no" if element.kind == "boolean" else "")


def draw_header(book: Workbook, sheet: Worksheet, columns: Sequence[Column]) -> None:
    """Both rows of the header, in order, so that a book in constant memory can be drawn too."""
    heading = book.add_format(HEADING)
    merges: list[list[int]] = []
    position = 0
    for group, members in groupby(columns, key=lambda c: c.group_label or c.name):
        size = len(list(members))
        grouped = bool(columns[position].group_label)
        for place in range(position, position + size):
            first = place == position or not grouped
            text = (group if grouped else columns[place].heading) if first else ""
            sheet.write_string(0, place, text, heading)
            if not grouped:
                merges.append([0, place, 1, place])
        if grouped and size > 1:
            merges.append([0, position, 0, position + size - 1])
        position += size
    for place, column in enumerate(columns):
        sheet.write_string(1, place, column.heading if column.group_label else "", heading)
        sheet.set_column(place, place, column.width)
    # merge_range() would write the rows again, out of order
    sheet.merge.extend(merges)
    sheet.freeze_panes(HEADER_ROWS, 0)


def draw_lists(book: Workbook, columns: Sequence[Column]) -> Mapping[str, str]:
    """A sheet of the code lists; {list: the range of its labels}."""
    names = list(dict.fromkeys(name for column in columns if (name := list_of(column))))
    sheet = book.add_worksheet(LISTS)
    lists = [codes.load(name) for name in names]
    for place, name in enumerate(names):
        labels = " / ".join(c.heading for c in columns if list_of(c) == name)
        sheet.write_string(0, place, labels)
        sheet.set_column(place, place, 16)
    for row in range(max((len(one) for one in lists), default=0)):
        for place, one in enumerate(lists):
            if row < len(one):
                sheet.write_string(row + 1, place, list(one)[row].zh)
    ranges = {}
    for place, (name, one) in enumerate(zip(names, lists, strict=True)):
        column = letters(place)
        ranges[name] = f"={LISTS}!${column}$2:${column}${len(one) + 1}"
    return ranges


def draw_choices(sheet: Worksheet, columns: Sequence[Column], ranges: Mapping[str, str]) -> None:
    """Drop-downs of single codes, and a hint where a cell is entered."""
    for place, column in enumerate(columns):
        element = column.standard_element()
        options: dict[str, Any] = {"validate": "any"}
        name = list_of(column)
        single = name and (element is None or element.kind in (*_SINGLE, "digits"))
        if single:
            # other names of a code are understood too, so it warns and does not forbid
            options = {"validate": "list", "source": ranges[name], "error_type": "warning"}
            options |= {"error_title": column.label[:32], "error_message": "请从下拉列表中选择。"}
        if column.note:
            options |= {"input_title": column.label[:32], "input_message": column.note[:255]}
        if single or column.note:
            first, last = HEADER_ROWS, HEADER_ROWS + _OFFERED_ROWS
            sheet.data_validation(first, place, last, place, options)
