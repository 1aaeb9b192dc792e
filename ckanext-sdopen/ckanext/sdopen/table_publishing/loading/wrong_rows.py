"""The wrong rows of a table as a CSV of their own, each with what is wrong in it."""

import csv
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from ckanext.sdopen.tables.columns import Column
from ckanext.sdopen.tables.findings.records import CellFinding, Rule, cell_sentence
from ckanext.sdopen.tables.findings.sentences import say

_HEADINGS, _SAID = "行号", ("问题", "Problems")
# what a spreadsheet takes for a formula
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_TOLD_EACH = 20_000


def write(
    source: Path,
    columns: Mapping[str, Column],
    found: Sequence[CellFinding],
    target: Path,
    told: Callable[[], None],
) -> None:
    """Write the rows that findings name, as they stand in a normalised CSV.

    Args:
        source: the normalised CSV.
        columns: of the table, by any key.
        found: the findings that are kept one by one, by rows.
        target: the new file: UTF-8 with a mark, so that a spreadsheet opens it.
        told: called again and again; what it raises ends the writing.
    """
    by_name = {column.name: column for column in columns.values()}
    problems: dict[int, list[tuple[str, str]]] = {}
    for one in found:
        said = (_sentence(one, by_name, "zh"), _sentence(one, by_name, "en"))
        problems.setdefault(one.row, []).append(said)
    with (
        source.open(encoding="utf-8", newline="") as read,
        target.open("w", encoding="utf-8-sig", newline="") as out,
    ):
        rows, writer = csv.reader(read), csv.writer(out)
        headings = next(rows)
        writer.writerow([_HEADINGS, *map(_safe, headings[1:]), *_SAID])
        writer.writerows(_wrong(rows, problems, told))


def _wrong(
    rows: Iterable[list[str]],
    problems: Mapping[int, list[tuple[str, str]]],
    told: Callable[[], None],
) -> Iterator[list[str]]:
    left = len(problems)
    for number, row in enumerate(rows):
        if not left:
            return
        if number % _TOLD_EACH == 0:
            told()
        said = problems.get(int(row[0]))
        if said:
            left -= 1
            texts = ("；".join(dict.fromkeys(of)) for of in zip(*said, strict=True))
            yield [row[0], *map(_safe, row[1:]), *texts]


def _sentence(one: CellFinding, columns: Mapping[str, Column], lang: str) -> str:
    if one.column not in columns:
        return say(one.rule, lang)
    return cell_sentence(Rule(one.rule), columns[one.column], lang)


def _safe(text: str) -> str:
    """A text that a spreadsheet does not compute."""
    if not text.startswith(_FORMULA) or text[1:].replace(".", "", 1).isdigit():
        return text
    return f"'{text}"
