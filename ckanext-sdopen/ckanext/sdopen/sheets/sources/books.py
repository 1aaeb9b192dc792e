"""Workbooks: xlsx, xls and ods by calamine; very large sheets of an xlsx row by row."""

import io
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import python_calamine

from ckanext.sdopen.sheets.account import Remark
from ckanext.sdopen.sheets.addresses import address
from ckanext.sdopen.sheets.grid import Batch, Grid, Row, batched_with_numbers
from ckanext.sdopen.sheets.limits import Limits
from ckanext.sdopen.sheets.messages import SheetError
from ckanext.sdopen.sheets.sources import xlsx_stream
from ckanext.sdopen.sheets.sources.merged import Filling
from ckanext.sdopen.sheets.sources.values import LONGEST_NUMBER, text
from ckanext.sdopen.sheets.xlsx import book_parts, zip_archive
from ckanext.sdopen.sheets.xlsx.rows_xml import Scan

_VISIBLE = python_calamine.SheetVisibleEnum.Visible


@dataclass
class Told:
    """What is to be said of the cells of a sheet, found while they are read."""

    sheet: str
    hidden: bool
    scan: Scan
    long_numbers: int = 0
    first_long: str = ""

    def remarks(self) -> list[Remark]:
        """The remarks, once the rows were read."""
        found = [Remark("sheet_hidden", {"sheet": self.sheet})] if self.hidden else []
        hidden = self.scan.hidden
        if hidden:
            found.append(Remark("rows_hidden", {"count": len(hidden), "first": min(hidden) + 1}))
        for code, cells in (
            ("cells_broken", self.scan.broken),
            ("cells_uncached", self.scan.uncached),
        ):
            if cells:
                params = {"count": len(cells), "cell": address(*min(cells))}
                found.append(Remark(code, params))
        if self.long_numbers:
            params = {"count": self.long_numbers, "cell": self.first_long}
            found.append(Remark("digits_lost", params))
        return found

    def texts(self, number: int, row: list[Any]) -> Row:
        """A row of cells as texts; numbers that were codes are counted."""
        for place, value in enumerate(row):
            if type(value) is float and not -LONGEST_NUMBER < value < LONGEST_NUMBER:
                self.long_numbers += 1
                self.first_long = self.first_long or address(number - 1, place)
        return [value if type(value) is str else text(value) for value in row]


def xlsx(path: Path, limits: Limits) -> Iterator[Grid]:
    """The sheets of an xlsx; each lives only until the next is asked for."""
    with zip_archive.opened(path, limits) as archive:
        parts, _ = book_parts.sheet_parts(archive)
        zip_archive.checked_parts(archive, set(parts.values()))
        scans = {
            name: book_parts.scanned(archive, part, limits.columns)[0]
            for name, part in parts.items()
        }
    areas = ((one.last_row + 1) * (one.last_column + 1) for one in scans.values())
    if max(areas, default=0) <= limits.streamed_cells:
        yield from _by_calamine(path, "xlsx", scans)
        return
    with zip_archive.opened(path, limits) as archive:
        book = xlsx_stream.Book(archive)
        for name, part in parts.items():
            told = Told(name, book.hidden(name), scans[name])
            # rows of one length are written faster
            width = min(scans[name].last_column + 1, limits.columns)
            yield _grid("xlsx", partial(book.rows, part, width), told)


def others(path: Path, kind: str) -> Iterator[Grid]:
    """The sheets of an xls, xlsb or ods."""
    yield from _by_calamine(path, kind, {})


def _by_calamine(path: Path, kind: str, scans: dict[str, Scan]) -> Iterator[Grid]:
    try:
        # by what it holds: from_path() goes by the ending
        book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(path.read_bytes()))
    except python_calamine.PasswordError:
        raise SheetError("password") from None
    except python_calamine.CalamineError as error:
        raise SheetError("damaged", detail=error) from None
    for meta in book.sheets_metadata:
        if meta.typ != python_calamine.SheetTypeEnum.WorkSheet:
            continue
        try:
            sheet = book.get_sheet_by_name(meta.name)
        except python_calamine.CalamineError as error:
            raise SheetError("damaged", detail=f"{meta.name}: {error}") from None
        scan = scans.get(meta.name) or Scan(merges=list(sheet.merged_cell_ranges or ()))
        yield _grid(kind, partial(_rows, sheet), Told(meta.name, meta.visible != _VISIBLE, scan))


def _rows(sheet: Any) -> Iterator[tuple[int, list[Any]]]:
    # rows begin at the first row, columns at the first that holds something
    missing = [""] * (sheet.start[1] if sheet.start else 0)
    for number, row in enumerate(sheet.iter_rows(), start=1):
        yield number, missing + row if missing else row


def _grid(kind: str, rows: Any, told: Told) -> Grid:
    filling = Filling(told.scan.merges)

    def batches() -> Iterator[Batch]:
        told.long_numbers = 0
        texts = ((number, told.texts(number, row)) for number, row in rows())
        yield from batched_with_numbers(filling.filled(texts))

    return Grid(
        batches,
        sheet=told.sheet,
        merges=tuple(told.scan.merges),
        remarks=told.remarks,
        merged_cells=lambda: filling.count,
        format=kind,
    )
