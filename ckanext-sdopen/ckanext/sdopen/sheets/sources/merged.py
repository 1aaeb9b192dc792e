"""Cells that are merged downwards: their value stands in every row that they cover."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from ckanext.sdopen.sheets.grid import Row
from ckanext.sdopen.sheets.xlsx.rows_xml import Merge


class Filling:
    """Fills the cells below the first of merged ones, and counts them."""

    def __init__(self, merges: Sequence[Merge]) -> None:
        self.count = 0
        self._starting: dict[int, list[tuple[int, int]]] = defaultdict(list)
        for (top, left), (bottom, _) in merges:
            if bottom > top:
                self._starting[top].append((left, bottom))

    def filled(self, rows: Iterable[tuple[int, Row]]) -> Iterator[tuple[int, Row]]:
        """Rows with their numbers from 1; a row of nothing else stays blank."""
        if not self._starting:
            yield from rows
            return
        self.count = 0
        # {column: (value, last row)}
        open_cells: dict[int, tuple[str, int]] = {}
        for number, row in rows:
            place = number - 1
            if open_cells and any(row):
                self._fill(row, open_cells, place)
            for left, bottom in self._starting.get(place, ()):
                if left < len(row) and row[left]:
                    open_cells[left] = (row[left], bottom)
            yield number, row

    def _fill(self, row: Row, open_cells: dict[int, tuple[str, int]], place: int) -> None:
        for left, (value, last) in list(open_cells.items()):
            if last < place:
                del open_cells[left]
            elif left < len(row) and not row[left]:
                row[left] = value
                self.count += 1
