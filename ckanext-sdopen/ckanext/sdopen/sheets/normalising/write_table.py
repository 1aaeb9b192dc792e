"""One table from a sheet: its normalised CSV and its account.

The CSV is UTF-8 with commas and `\\n`; every value is quoted, NULL is an empty field without
quotes. Its first column `_row` is the number of the row in the source.
"""

from collections.abc import Collection, Iterator
from pathlib import Path

from ckanext.sdopen.sheets.account import Account
from ckanext.sdopen.sheets.grid import Anew, Batch, Grid
from ckanext.sdopen.sheets.limits import Limits
from ckanext.sdopen.sheets.normalising import layout
from ckanext.sdopen.sheets.normalising.body import Body, Wider


def write(grid: Grid, target: Path, expected: Collection[str], limits: Limits) -> Account | None:
    """Write the table of a sheet; None, and no file, where the sheet holds none.

    Args:
        expected: names of columns that are known, which help to find the header.

    Raises:
        SheetError: the sheet breaks a bound or cannot be read.
    """
    used: set[int] = set()
    while True:
        try:
            account = _written(grid, target, used, expected, limits)
            break
        except Wider:
            used = _used(grid)
        except Anew:
            continue
    if account is None:
        target.unlink(missing_ok=True)
    return account


def _used(grid: Grid) -> set[int]:
    """The places of all columns that hold something in any row."""
    return {
        place
        for _, rows in grid.batches()
        for row in rows
        for place, text in enumerate(row)
        if text and text.strip()
    }


def _beginning(batches: Iterator[Batch]) -> Batch:
    """The first rows, as many as tell where the header stands."""
    numbers, rows = next(batches, ([], []))
    while len(rows) < layout.HEAD:
        more = next(batches, None)
        if more is None:
            break
        numbers, rows = [*numbers, *more[0]], [*rows, *more[1]]
    return numbers, rows


def _written(
    grid: Grid, target: Path, used: set[int], expected: Collection[str], limits: Limits
) -> Account | None:
    batches = grid.batches()
    numbers, rows = _beginning(batches)
    found = layout.of_grid(grid, (numbers, rows), used, expected, limits.columns)
    if not found.names:
        return None
    with target.open("wb", buffering=1 << 20) as file:
        body = Body(found, file, grid.strict, grid.columns is not None)
        body.add(numbers[found.begins :], rows[found.begins :])
        for numbers, rows in batches:
            body.add(numbers, rows)
        body.end()
    if not body.rows:
        return None
    return Account(
        format=grid.format,
        encoding=grid.encoding,
        delimiter=grid.delimiter,
        sheet=grid.sheet,
        rows=body.rows,
        columns=found.names,
        header_row=found.header_row,
        header_rows=len(found.header_lines),
        title_rows=found.title_rows,
        skipped=dict(body.skipped),
        empty_columns=found.empty_columns,
        merged_cells=grid.merged_cells(),
        renamed=found.renamed,
        remarks=(*found.remarks, *grid.remarks(), *body.remarks()),
        places=found.places,
    )
