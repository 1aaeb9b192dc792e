"""How the rows of a sheet become columns: which places are kept, under which names."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from itertools import count

from ckanext.sdopen.sheets import texts
from ckanext.sdopen.sheets.account import Remark
from ckanext.sdopen.sheets.addresses import letters
from ckanext.sdopen.sheets.grid import Batch, Grid, Row
from ckanext.sdopen.sheets.messages import SheetError
from ckanext.sdopen.sheets.normalising import header

# rows that show which columns hold something
HEAD = 200


@dataclass(frozen=True)
class Layout:
    """The columns of a table: their places in a row, their names, where the header stands."""

    places: tuple[int, ...]
    names: tuple[str, ...]
    # cells of a row that is as long as the header
    width: int
    header_row: int = 0
    header_lines: tuple[Row, ...] = ()
    # index among the first rows where the data begin
    begins: int = 0
    title_rows: tuple[str, ...] = ()
    empty_columns: tuple[str, ...] = ()
    renamed: dict[str, str] = field(default_factory=dict)
    remarks: tuple[Remark, ...] = ()


def of_grid(
    grid: Grid, beginning: Batch, used: Collection[int], expected: Collection[str], most: int
) -> Layout:
    """The layout of a sheet from its first rows.

    Args:
        used: places of columns without a name that hold something further down.
        most: columns that a table may have.

    Raises:
        SheetError: there are more columns than `most`.
    """
    if grid.columns is not None:
        _bounded(grid, 1, len(grid.columns), most)
        names, renamed, remarks = _unique(list(enumerate(grid.columns)))
        return Layout(tuple(range(len(names))), names, len(names), renamed=renamed, remarks=remarks)
    numbers, rows = beginning[0][:HEAD], list(beginning[1][:HEAD])
    found = header.find(rows, numbers, grid.merges, expected)
    begins = max(0, found.first + found.depth)
    filled = {place for row in rows[begins:] for place, text in enumerate(row) if text.strip()}
    width = len(rows[found.first]) if found.first >= 0 else max(map(len, rows), default=0)
    if grid.strict:
        filled = {place for place in filled if place < width}
    width = max(width, len(found.names), *(place + 1 for place in (*filled, *used, -1)))
    named = [*found.names, *[""] * (width - len(found.names))]
    places = [place for place in range(width) if named[place] or place in filled or place in used]
    row = numbers[found.first] if found.first >= 0 else 1
    _bounded(grid, row, len(places), most)
    names, renamed, remarks = _unique([(place, named[place]) for place in places])
    if found.first < 0:
        renamed, remarks = {}, (Remark("no_header"),)
    return Layout(
        tuple(places),
        names,
        width,
        header_row=numbers[found.first] if found.first >= 0 else 0,
        header_lines=tuple(rows[found.first : begins]) if found.first >= 0 else (),
        begins=begins,
        title_rows=tuple(filter(None, map(_line, rows[: max(0, found.first)]))),
        empty_columns=tuple(letters(place) for place in range(width) if place not in places),
        renamed=renamed,
        remarks=remarks,
    )


def _bounded(grid: Grid, row: int, columns: int, most: int) -> None:
    if columns > most:
        raise SheetError("columns", sheet=grid.sheet, row=row, count=columns, limit=most)


def _line(row: Row) -> str:
    return " ".join(text for text in map(texts.cell, row) if text)[:500]


def _unique(
    headings: Sequence[tuple[int, str]],
) -> tuple[tuple[str, ...], dict[str, str], tuple[Remark, ...]]:
    """(names that differ, {name: heading} of those that were given, remarks on them)."""
    wanted = {texts.key(heading) for _, heading in headings}
    seen: set[str] = set()
    names: list[str] = []
    renamed: dict[str, str] = {}
    remarks: list[Remark] = []
    for place, heading in headings:
        name = base = heading or f"列{place + 1}"
        if texts.key(base) in (seen if heading else seen | wanted):
            candidates = (f"{base}_{number}" for number in count(2))
            name = next(one for one in candidates if texts.key(one) not in seen | wanted)
        if name != heading:
            code = "column_twice" if heading else "column_unnamed"
            renamed[name] = heading
            params = {"name": name, "column": letters(place)}
            remarks.append(Remark(code, params | ({"heading": heading} if heading else {})))
        seen.add(texts.key(name))
        names.append(name)
    return tuple(names), renamed, tuple(remarks)
