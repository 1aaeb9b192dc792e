"""The wrong rows of a table as a CSV and a workbook of their own, with what is wrong in each."""

import csv
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from ckanext.sdopen.table_publishing.marking import rows_book
from ckanext.sdopen.table_publishing.marking.formulas import inert
from ckanext.sdopen.tables.columns import Column
from ckanext.sdopen.tables.findings.records import CellFinding, Rule, cell_sentence
from ckanext.sdopen.tables.findings.sentences import say

_HEADINGS, _SAID = "行号", ("问题", "Problems")
_TOLD_EACH = 20_000


@dataclass
class _Problems:
    """What is wrong in a row: sentences in both languages, and those of cells by their places."""

    said: list[tuple[str, str]] = field(default_factory=list)
    cells: dict[int, str] = field(default_factory=dict)

    @property
    def texts(self) -> tuple[str, ...]:
        """All sentences of a language as one."""
        return tuple("；".join(dict.fromkeys(of)) for of in zip(*self.said, strict=True))


def write(
    source: Path,
    columns: Mapping[str, Column],
    found: Sequence[CellFinding],
    targets: tuple[Path, Path],
    told: Callable[[], None],
) -> None:
    """Write the rows that findings name, as they stand in a normalised CSV.

    Args:
        source: the normalised CSV.
        columns: of the table, by their headings.
        found: the findings that are kept one by one, by rows.
        targets: the new files: a CSV (UTF-8 with a mark, so that a spreadsheet opens it), an xlsx.
        told: called again and again; what it raises ends the writing.
    """
    table, book = targets
    with (
        source.open(encoding="utf-8", newline="") as read,
        table.open("w", encoding="utf-8-sig", newline="") as out,
        rows_book.opened(book) as sheet,
    ):
        rows, writer = csv.reader(read), csv.writer(out)
        headings = next(rows)
        named = [_HEADINGS, *headings[1:], *_SAID]
        writer.writerow(map(inert, named))
        sheet.head(named)
        for row, problems in _wrong(rows, _by_row(found, columns, headings), told):
            writer.writerow(map(inert, [*row, *problems.texts]))
            sheet.add([*row, *problems.texts], problems.cells)


def _by_row(
    found: Iterable[CellFinding], columns: Mapping[str, Column], headings: Sequence[str]
) -> dict[int, _Problems]:
    by_name = {column.name: column for column in columns.values()}
    places = {column.name: headings.index(heading) for heading, column in columns.items()}
    problems: dict[int, _Problems] = defaultdict(_Problems)
    for one in found:
        of_row = problems[one.row]
        column = by_name.get(one.column)
        zh, en = (_sentence(one, column, lang) for lang in ("zh", "en"))
        of_row.said.append((zh, en))
        of_row.cells[places.get(one.column, 0)] = zh
    return problems


def _wrong(
    rows: Iterable[list[str]], problems: Mapping[int, _Problems], told: Callable[[], None]
) -> Iterator[tuple[list[str], _Problems]]:
    left = len(problems)
    for number, row in enumerate(rows):
        if not left:
            return
        if number % _TOLD_EACH == 0:
            told()
        found = problems.get(int(row[0]))
        if found:
            left -= 1
            yield row, found


def _sentence(one: CellFinding, column: Column | None, lang: str) -> str:
    return cell_sentence(Rule(one.rule), column, lang) if column else say(one.rule, lang)
