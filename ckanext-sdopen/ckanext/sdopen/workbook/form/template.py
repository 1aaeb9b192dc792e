"""The official form, blank: header, drop-downs, notes, and an example sheet."""

from pathlib import Path

from xlsxwriter import Workbook

from ckanext.sdopen.workbook.columns import Column, form
from ckanext.sdopen.workbook.form import draw
from ckanext.sdopen.workbook.form.cell_texts import rows_of
from ckanext.sdopen.workbook.form.example import EXAMPLE, EXAMPLE_PROVIDER
from ckanext.sdopen.workbook.form.export import SHEET

_EXAMPLE_SHEET = "示例"
_NOTES_SHEET = "填表说明"
# changes whenever a column does; it stands at the foot of the notes
VERSION = "sdopen-catalog-1"
_NOTES = (
    "一行一个信息项；目录的各格只填在该目录的第一行，其下可以合并、留空，或照样重复。",
    "列可以调换次序，可以删去用不到的列；表头文字不要改。隐藏的行也会读取。",
    "信息资源代码一条目录一个，向下填充时不要让它递增；信息资源名称填数据的名称，不填系统名称。",
    "有条件共享填共享条件；不予共享填法律、行政法规或政策依据；不予共享的不填共享方式。",
    "是否向社会开放填“否”即不予开放，须填不予开放依据；填“是”并填了开放条件的为有条件开放。",
    "普查的六项只填数字，不带单位，不详时填 0。日期写成 2024-01-05。",
    "涉及国家秘密、工作秘密的信息资源不得编入目录，不要填入本表。",
    "检查：scripts/harvest check 本文件.xlsx，或在门户的“检查目录表”页面上传。",
)


def write(path: Path) -> None:
    """Write the blank form."""
    columns = form().official()
    with Workbook(str(path), {"strings_to_urls": False}) as book:
        sheet = book.add_worksheet(SHEET)
        text = book.add_format({"num_format": "@"})
        draw.draw_header(book, sheet, columns)
        for place, column in enumerate(columns):
            # typed codes and dates stay what they were typed as
            sheet.set_column(place, place, column.width, text)
        _example(book, columns)
        _notes(book, columns)
        draw.draw_choices(sheet, columns, draw.draw_lists(book, columns))


def _example(book: Workbook, columns: tuple[Column, ...]) -> None:
    sheet = book.add_worksheet(_EXAMPLE_SHEET)
    cell = book.add_format(draw.CELL)
    draw.draw_header(book, sheet, columns)
    rows = rows_of(EXAMPLE, columns, EXAMPLE_PROVIDER, 1)
    first = draw.HEADER_ROWS
    for place, column in enumerate(columns):
        if not column.of_items:
            text = rows[0].get(place, "")
            sheet.merge_range(first, place, first + len(rows) - 1, place, text, cell)
            sheet.write_string(first, place, text, cell)
            continue
        for number, texts in enumerate(rows):
            sheet.write_string(first + number, place, texts.get(place, ""), cell)


def _notes(book: Workbook, columns: tuple[Column, ...]) -> None:
    sheet = book.add_worksheet(_NOTES_SHEET)
    bold = book.add_format({"bold": True})
    sheet.set_column(0, 0, 24)
    sheet.set_column(1, 1, 100)
    row = 0
    for note in _NOTES:
        sheet.write_string(row, 1, note)
        row += 1
    row += 1
    for column in columns:
        if column.note:
            sheet.write_string(row, 0, column.heading, bold)
            sheet.write_string(row, 1, column.note)
            row += 1
    sheet.write_string(row + 1, 1, VERSION)
