"""Check a whole book: every sheet, every block, then the entries against one another."""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date
from typing import Any

from ckanext.sdopen.sheets.addresses import letters
from ckanext.sdopen.standard import confidential, profiles
from ckanext.sdopen.standard.check import check
from ckanext.sdopen.standard.duplicates import Duplicates
from ckanext.sdopen.standard.findings import OFF, Finding
from ckanext.sdopen.standard.profiles import HARVESTED, Profile
from ckanext.sdopen.workbook.checking.checked_book import Examined, Known, PlacedFinding
from ckanext.sdopen.workbook.checking.finding_cell import cell_of, positions
from ckanext.sdopen.workbook.columns import form
from ckanext.sdopen.workbook.messages import BookError, Note
from ckanext.sdopen.workbook.reading import earlier_check, header
from ckanext.sdopen.workbook.reading import entry as entry_reading
from ckanext.sdopen.workbook.reading.block_entry import Built, Located
from ckanext.sdopen.workbook.reading.blocks import Block, Grouping, Row
from ckanext.sdopen.workbook.reading.book_file import Book, Sheet
from ckanext.sdopen.workbook.reading.hidden_rows import beginning, watched
from ckanext.sdopen.workbook.reading.layout import Layout

_SHOWN = 20
# the form's own lists and notes call for no remark
_SILENT = "own"
# in sheets and rows that hold no entries only 秘密★ counts: 密级 is explained there
_STARS = ("★", "☆")
# given each entry that is no secret, with the number of its block
Sink = Callable[[int, dict[str, Any]], None]
Placed = tuple[int, Layout, Block]


class Examination:
    """One check of one book."""

    def __init__(self, book: Book, profile: Profile, day: date, sink: Sink | None = None) -> None:
        self.book, self.sink = book, sink
        self.result = Examined(profile, day)
        # judged by what a source can be asked for
        self.harvested = profiles.profile(HARVESTED).with_overrides(limits=profile.limits)
        self.duplicates = Duplicates()
        self.dropped: Counter[tuple[int, int]] = Counter()
        self.edited: dict[str, Placed] = {}
        self.unedited: list[Placed] = []

    def run(self) -> Examined:
        """Read and check everything.

        Raises:
            BookError: no sheet has a header of ours, or none has rows under it.
        """
        result = self.result
        for number, sheet in enumerate(self.book.sheets(first=earlier_check.is_corrections)):
            marked = confidential.mark(sheet.name)
            if marked:
                # the name is not told again
                sheet.name = f"#{number + 1}"
                result.add(PlacedFinding(Finding(marked, "secrecy"), number, 0, 0, -1))
            result.sheets.append(sheet.name)
            self._sheet(number, sheet)
        self._take_corrections()
        names = "、".join(result.sheets[:_SHOWN])
        if not result.layouts and not result.findings:
            raise BookError("book_no_header", sheets=names)
        if not result.blocks and not result.findings:
            raise BookError("book_no_rows", sheets=names)
        for number, finding in self.duplicates.findings():
            self._add_later(finding, number)
        for (sheet_number, position), count in self.dropped.items():
            heading = result.layouts[sheet_number].header.columns[position].heading
            params = {"sheet": result.sheets[sheet_number], "heading": heading, "count": count}
            result.notes.append(Note("note_values_dropped", params))
        return result

    def _sheet(self, number: int, sheet: Sheet) -> None:
        head, rest = beginning(sheet.cells, header.SEARCHED_ROWS)
        found = header.find([row for _, row in head])
        unread = self._unread(sheet, head, found)
        if found is None or unread:
            if unread and unread != _SILENT:
                self._note(unread, sheet)
            self._marks(number, head)
            self._marks(number, rest)
            return
        if sheet.hidden:
            self._note("note_sheet_hidden", sheet)
        layout = Layout(found, self.book.from_1904)
        self.result.layouts[number] = layout
        self._marks(number, head[: found.last_row + 1])
        self._column_notes(sheet, layout)
        grouping = Grouping(layout, sheet.merges)
        hidden: list[int] = []
        rows = watched(head, rest, sheet.scan.hidden, found.last_row, hidden)
        begin = len(self.result.blocks)
        for block in grouping.blocks(rows):
            self._received(number, layout, block)
        self._row_notes(sheet, grouping, hidden)
        self._broken_cells(number, sheet, layout, begin)

    def _unread(self, sheet: Sheet, head: list[Row], found: header.Header | None) -> str:
        """The remark on a sheet that is not read; empty for one that is, or holds nothing."""
        kind = earlier_check.result_kind(head)
        if kind:
            self.result.earlier.setdefault(kind, sheet.name)
            return "note_sheet_result"
        if found is not None:
            return "note_sheet_example" if sheet.name.endswith(form().examples) else ""
        if sheet.name in form().own_sheets:
            return _SILENT
        return "note_sheet_unread" if any(c != "" for _, row in head for c in row) else ""

    def _received(self, number: int, layout: Layout, block: Block) -> None:
        """A block of a sheet: of rows to correct those count that were edited."""
        placed = (number, layout, block)
        origin = earlier_check.origin_of(block, layout)
        if origin is None:
            self._block(*self._latest(placed))
        elif origin and origin != earlier_check.hash_of(block, layout):
            self.edited[origin] = placed
        else:
            self.unedited.append(placed)

    def _latest(self, placed: Placed) -> Placed:
        """A block, or what it was corrected to, perhaps more than once."""
        while self.edited:
            _, layout, block = placed
            newer = self.edited.pop(earlier_check.hash_of(block, layout), None)
            if newer is None:
                break
            placed = newer
        return placed

    def _take_corrections(self) -> None:
        """Edited rows whose original is gone; all others only where no original came along."""
        alone = not self.result.blocks
        while self.edited:
            self._block(*self._latest(self.edited.pop(next(iter(self.edited)))))
        for placed in self.unedited if alone else ():
            self._block(*placed)

    def _block(self, sheet: int, layout: Layout, block: Block) -> None:
        result = self.result
        built = entry_reading.build(block, layout)
        entry, number = built.entry, len(result.blocks)
        code, title = (str(entry.get(name) or "") for name in ("resource_code", "title"))
        first, last = block.rows[0][0], block.rows[-1][0]
        known = Known(sheet, first, last, code, title, tuple(built.item_rows))
        result.blocks.append(known)
        for position in built.dropped:
            self.dropped[(sheet, position)] += 1
        located = self._located(built, block, layout)
        secret = [one for one in located if one[0].code in confidential.CODES]
        if secret:
            known.secret, known.code, known.title = True, "", ""
        for finding, row, position in secret or located:
            result.add(PlacedFinding(finding, sheet, row, position, number))
        if not secret:
            self.duplicates.add(number, entry, f"{result.sheets[sheet]}!{first + 1}")
            if self.sink:
                self.sink(number, entry)

    def _located(self, built: Built, block: Block, layout: Layout) -> list[Located]:
        """Every finding of a block with its row and column."""
        if self.book.may_be_marked:
            marked = [(Finding(m, "secrecy"), r, p) for m, r, p in entry_reading.marks(block)]
            if marked:
                return marked
        entry = built.entry
        sourced = entry.get("source_id") and entry.get("source_key")
        profile = self.harvested if sourced else self.result.profile
        found = [
            (finding, *cell_of(finding, built, block, layout))
            for finding in check(entry, profile, "catalog", self.result.day)
        ]
        for finding, row, position in built.findings:
            severity = profile.severities[finding.code]
            if severity != OFF:
                found.append((replace(finding, severity=severity), row, position))
        return found

    def _add_later(self, finding: Finding, number: int) -> None:
        """A finding on an entry whose rows are no longer at hand."""
        severity = self.result.profile.severities[finding.code]
        if severity == OFF:
            return
        known = self.result.blocks[number]
        row = known.first if finding.item is None else known.item_rows[finding.item]
        column = positions(finding, self.result.layouts[known.sheet])[0]
        judged = replace(finding, severity=severity)
        self.result.add(PlacedFinding(judged, known.sheet, row, column, number))

    def _broken_cells(self, number: int, sheet: Sheet, layout: Layout, begin: int) -> None:
        """Formulas without their result and error values, in columns that are read."""
        broken = [("formula_uncached", cell) for cell in sorted(sheet.scan.uncached)]
        broken += [("cell_broken", cell) for cell in sorted(sheet.scan.broken)]
        owners: dict[int, int] = {}
        for block in range(begin, len(self.result.blocks)) if broken else ():
            known = self.result.blocks[block]
            if known.sheet == number and not known.secret:
                owners.update(dict.fromkeys(range(known.first, known.last + 1), block))
        for code, (row, column) in broken:
            place = layout.header.columns.get(column)
            severity = self.result.profile.severities[code]
            if place is not None and row in owners and severity != OFF:
                finding = Finding(code, place.element, severity=severity)
                self.result.add(PlacedFinding(finding, number, row, column, owners[row]))

    def _marks(self, number: int, rows: Iterable[Row]) -> None:
        """Marks of secrecy in rows that hold no entries."""
        for row, cells in rows if self.book.may_be_marked else ():
            for column, cell in enumerate(cells):
                if isinstance(cell, str) and any(star in cell for star in _STARS):
                    mark = confidential.mark(cell)
                    if mark:
                        self.result.add(
                            PlacedFinding(Finding(mark, "secrecy"), number, row, column, -1)
                        )

    def _note(self, code: str, sheet: Sheet, **params: Any) -> None:
        self.result.notes.append(Note(code, {"sheet": sheet.name, **params}))

    def _column_notes(self, sheet: Sheet, layout: Layout) -> None:
        head = layout.header
        for position, heading in head.unknown.items():
            self._note("note_column_unknown", sheet, heading=heading, column=letters(position))
        for position, heading in head.twice.items():
            self._note("note_column_twice", sheet, heading=heading, column=letters(position))

    def _row_notes(self, sheet: Sheet, grouping: Grouping, hidden: list[int]) -> None:
        if hidden:
            self._note("note_hidden_rows", sheet, count=len(hidden), first=hidden[0] + 1)
        skipped = grouping.skipped
        for code, rows in (("note_totals", skipped.totals), ("note_remarks", skipped.remarks)):
            if rows:
                self._note(code, sheet, rows="、".join(str(row + 1) for row in rows[:_SHOWN]))


def examine(book: Book, profile: Profile, day: date, sink: Sink | None = None) -> Examined:
    """Check a book; see `Examination.run`."""
    return Examination(book, profile, day, sink).run()
