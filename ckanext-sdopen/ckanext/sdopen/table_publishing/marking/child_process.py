"""The department's own workbook back, with what is wrong in it; only of an xlsx that was loaded."""

import logging
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from ckanext.sdopen.sheets import confinement
from ckanext.sdopen.sheets.account import Account
from ckanext.sdopen.sheets.confinement import Bounds, Ended
from ckanext.sdopen.tables.columns import Column
from ckanext.sdopen.tables.findings.records import CellFinding, Rule, cell_sentence
from ckanext.sdopen.tables.findings.sentences import say

_MODULE = "ckanext.sdopen.table_publishing.marking"
_log = logging.getLogger(__name__)


def can_be(account: Account) -> bool:
    """Whether the file that a table was read from can be given back with marks."""
    return account.format == "xlsx" and not account.member and bool(account.places)


def write(
    source: Path,
    target: Path,
    account: Account,
    columns: Mapping[str, Column],
    found: Sequence[CellFinding],
    bounds: Bounds,
) -> bool:
    """Write the marked copy of a workbook; whether there is one.

    A workbook that cannot be marked is no reason to end the load: its wrong rows are given anyway.

    Args:
        source: the workbook.
        target: the new file.
        account: how its table was read.
        columns: of the table by their headings.
        found: the findings that are kept one by one.
        bounds: what the child may take.
    """
    request = {
        "source": str(source),
        "target": str(target),
        "sheet": account.sheet,
        "marks": list(_marks(account, columns, found)),
    }
    try:
        confinement.run(_MODULE, request, bounds)
    except Ended as ended:
        _log.warning("a workbook was not marked: %s %s", ended.end, ended.code)
        target.unlink(missing_ok=True)
        return False
    return True


def _marks(
    account: Account, columns: Mapping[str, Column], found: Sequence[CellFinding]
) -> Iterator[tuple[int, int, str]]:
    """(row, place, sentence) of each finding, from 0; of a whole row at its first cell."""
    at = dict(zip(account.columns, account.places, strict=True))
    places = {column.name: at[heading] for heading, column in columns.items()}
    by_name = {column.name: column for column in columns.values()}
    for one in found:
        column = by_name.get(one.column)
        said = cell_sentence(Rule(one.rule), column, "zh") if column else say(one.rule, "zh")
        yield one.row - 1, places.get(one.column, account.places[0]), said
