"""The data rows of a table on their way into its normalised CSV.

Batches that hold nothing to mend are joined without a look at their cells: what is in the way
shows in the joined text. Only other batches are walked through cell by cell.
"""

from collections import defaultdict
from collections.abc import Sequence
from operator import methodcaller
from typing import IO

from ckanext.sdopen.sheets import texts
from ckanext.sdopen.sheets.account import Remark, RowNumbers
from ckanext.sdopen.sheets.grid import Anew, Batch, PlainRows, Row
from ckanext.sdopen.sheets.messages import SheetError
from ckanext.sdopen.sheets.normalising import tail
from ckanext.sdopen.sheets.normalising.layout import Layout

# what str.strip() takes off, or what is no part of a text, as one sign of the joined text
_RARE = ("\r", "\t", "\xa0", *texts.INVISIBLE)
# the same where the low byte of the sign is in every Latin letter: fast only in UTF-8
_RARE_BYTES = (b"\0", "\u3000".encode())
_TOTALS = tuple(f'"{word}"' for word in tail.TOTALS)
_SKIPPED = {
    "header": "headers_repeated",
    "total": "totals",
    "remark": "remarks",
    "long": "rows_long",
}


class Wider(Anew):
    """Something stands in a column that was taken for empty."""


class Body:
    """Writes the rows of one table."""

    def __init__(self, layout: Layout, target: IO[bytes], strict: bool, whole: bool) -> None:
        self.layout, self._target, self._strict = layout, target, strict
        # the source says what a row is: nothing above or below is left out
        self._whole = whole
        self.rows = 0
        self.skipped: dict[str, RowNumbers] = defaultdict(RowNumbers)
        self._noted: dict[str, RowNumbers] = defaultdict(RowNumbers)
        self._pending: Batch = ([], [])
        places, self._width = layout.places, layout.width
        self._straight = places == tuple(range(layout.width))
        self._dropped = sorted(set(range(layout.width)) - set(places))
        self._header_keys = [self._keys(line) for line in layout.header_lines]
        self._beginnings = {keys[0] for keys in self._header_keys}
        self._blank = [""] * layout.width
        self._write(("_row", *layout.names))

    def _keys(self, row: Row) -> list[str]:
        return [texts.key(row[place]) if place < len(row) else "" for place in self.layout.places]

    def _write(self, cells: Sequence[str]) -> None:
        quoted = (text.replace('"', '""') for text in cells)
        self._target.write(('"' + '","'.join(quoted) + '"\n').encode())

    def add(self, numbers: Sequence[int], rows: Sequence[Row]) -> None:
        """Take in rows; some are kept back, as they may end the sheet."""
        before, held = self._pending
        if len(rows) < tail.ROWS:
            self._pending = [*before, *numbers], [*held, *rows]
            return
        self._pending = numbers, rows
        self._flush(before, held)

    def end(self) -> None:
        """Write what was kept back, without what ends a sheet and is no data."""
        numbers, rows = self._pending
        if not self._whole:
            numbers, rows = list(numbers), list(rows)
            for place, reason in tail.reasons(rows, len(self.layout.places)):
                self.skipped[reason].add(numbers[place])
                del numbers[place], rows[place]
        for rows_of_reason in self.skipped.values():
            rows_of_reason.first.sort()
        self._flush(numbers, rows)

    def _flush(self, numbers: Sequence[int], rows: Sequence[Row]) -> None:
        if not rows:
            return
        joined = self._joined(numbers, rows)
        if joined is None:
            joined = _encoded(self._walked(numbers, rows))
        else:
            self.rows += len(rows)
        self._target.write(joined)

    def _joined(self, numbers: Sequence[int], rows: Sequence[Row]) -> bytes | None:
        """The lines of rows in which nothing is to be mended, else None."""
        if not self._straight:
            return None
        counted = map(str, numbers)
        if isinstance(rows, PlainRows):
            lines, sign = rows.lines, rows.delimiter
            if set(map(methodcaller("count", sign), lines)) != {self._width - 1}:
                return None
            if sign.join(self._blank) in lines or any(map(lines.__contains__, self._heads(sign))):
                return None
            text = '"\n"'.join(map(sign.join, zip(counted, lines, strict=True)))
            text = '"' + text.replace(sign, '","') + '"\n'
        else:
            if set(map(len, rows)) != {self._width} or self._blank in rows:
                return None
            if any(line in rows for line in self.layout.header_lines):
                return None
            cells = map('","'.join, zip(counted, map('","'.join, rows), strict=True))
            text = '"' + '"\n"'.join(cells) + '"\n'
        return self._clean(text, len(rows))

    def _heads(self, sign: str) -> list[str]:
        return [sign.join(line) for line in self.layout.header_lines]

    def _clean(self, text: str, rows: int) -> bytes | None:
        """Lines of quoted cells as they are written; None where a cell is to be mended."""
        if text.count('"') != 2 * (self._width + 1) * rows or text.count("\n") != rows:
            return None
        if any(sign in text for sign in _RARE) or (" " in text and ('" ' in text or ' "' in text)):
            return None
        if not self._whole and "计" in text and any(word in text for word in _TOTALS):
            return None
        # no cell holds a quote: two of them are a cell of nothing
        encoded = _encoded(text.replace('""', "") if '""' in text else text)
        return None if any(sign in encoded for sign in _RARE_BYTES) else encoded

    def _walked(self, numbers: Sequence[int], rows: Sequence[Row]) -> str:
        lines = []
        for number, row in zip(numbers, rows, strict=True):
            cells = self._mended(number, row)
            if cells is not None:
                quoted = ['"' + text.replace('"', '""') + '"' if text else "" for text in cells]
                lines.append(f'"{number}",{",".join(quoted)}\n')
        self.rows += len(lines)
        return "".join(lines)

    def _mended(self, number: int, row: Row) -> list[str] | None:
        """The cells of one row in their one form; None where it is no data."""
        whole = "\n".join(row)
        if "\0" in whole:
            raise SheetError("nul", line=number)
        if not whole.strip():
            self.skipped["blank"].add(number)
            return None
        if not whole.isascii() and any(sign in whole for sign in texts.INVISIBLE):
            self._noted["invisible"].add(number)
        if len(row) > self._width and any(text.strip() for text in row[self._width :]):
            if not self._strict:
                raise Wider
            self.skipped["long"].add(number)
            return None
        if len(row) < self._width:
            if self._strict:
                self._noted["rows_short"].add(number)
            row = row + self._blank[len(row) :]
        if any(row[place].strip() for place in self._dropped):
            raise Wider
        if not self._whole:
            if self._is_header(row):
                self.skipped["header"].add(number)
                return None
            if tail.is_total(row):
                self._noted["totals_inside"].add(number)
        return [texts.cell(row[place]) for place in self.layout.places]

    def _is_header(self, row: Row) -> bool:
        """Whether a row is a line of the header again."""
        place = self.layout.places[0]
        return texts.key(row[place]) in self._beginnings and self._keys(row) in self._header_keys

    def remarks(self) -> list[Remark]:
        """What is to be said of the rows."""
        found = []
        for reason, code in _SKIPPED.items():
            if reason in self.skipped:
                rows = self.skipped[reason]
                found.append(Remark(code, {"count": rows.count, "rows": str(rows)}))
        for code, rows in self._noted.items():
            found.append(Remark(code, {"count": rows.count, "first": rows.first[0]}))
        return found


def _encoded(text: str) -> bytes:
    try:
        return text.encode()
    except UnicodeEncodeError as error:
        row = text.rfind('\n"', 0, error.start) + 2
        number = text[max(0, row - 1) : error.start].lstrip('"').partition('"')[0]
        raise SheetError("surrogate", row=number) from None
