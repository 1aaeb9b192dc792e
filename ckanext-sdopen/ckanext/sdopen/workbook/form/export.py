"""Entries into a workbook of the official form; read again, they are the same entries."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from xlsxwriter import Workbook

from ckanext.sdopen.workbook.columns import Column, form
from ckanext.sdopen.workbook.form import draw
from ckanext.sdopen.workbook.form.cell_texts import LONGEST, rows_of

SHEET = "目录"
LEFT_OUT = "未导出"
# an entry and the title of its provider
Provided = tuple[Mapping[str, Any], str]


@dataclass
class Exported:
    """What was written; `left_out` are titles of entries with a text no cell can hold."""

    entries: int = 0
    rows: int = 0
    left_out: list[str] = field(default_factory=list)


def _columns(sourced: bool) -> tuple[Column, ...]:
    wanted = {"source_id", "source_key"} if sourced else set()
    return tuple(c for c in form().columns if not c.optional or c.name in wanted)


def write(
    path: Path,
    entries: Iterable[Provided],
    sourced: bool = False,
    merged: bool = False,
    shared_strings: bool = False,
) -> Exported:
    """Write entries as they come, in constant memory.

    Args:
        path: the new file.
        entries: (entry as the action API gives it, title of its provider).
        sourced: whether harvested entries are among them, which are known by their source's key.
        merged: merge a catalog's cells over its rows; else they stand on the first row only.
        shared_strings: as spreadsheets save it, in more memory.
    """
    columns, done = _columns(sourced), Exported()
    with Workbook(str(path), {"constant_memory": not shared_strings}) as book:
        sheet = book.add_worksheet(SHEET)
        cell = book.add_format(draw.CELL)
        draw.draw_header(book, sheet, columns)
        row = draw.HEADER_ROWS
        for entry, provider in entries:
            try:
                rows = rows_of(entry, columns, provider, done.entries + 1)
            except ValueError:
                done.left_out.append(str(entry.get("title") or entry.get("name") or ""))
                continue
            for number, texts in enumerate(rows, start=row):
                for position, text in texts.items():
                    sheet.write_string(number, position, text, cell)
            if merged and len(rows) > 1:
                places = (p for p, column in enumerate(columns) if not column.of_items)
                last = row + len(rows) - 1
                sheet.merge.extend([row, place, last, place] for place in places)
            row += len(rows)
            done.entries, done.rows = done.entries + 1, done.rows + len(rows)
        draw.draw_choices(sheet, columns, draw.draw_lists(book, columns))
        _list_left_out(book, done)
    return done


def _list_left_out(book: Workbook, done: Exported) -> None:
    if not done.left_out:
        return
    sheet = book.add_worksheet(LEFT_OUT)
    reason = f"以下目录有超过 {LONGEST} 字的文字，表格容不下，没有导出；交回本表不会改动它们。"
    sheet.write_string(0, 0, reason)
    for row, title in enumerate(done.left_out, start=1):
        sheet.write_string(row, 0, title[:LONGEST])
