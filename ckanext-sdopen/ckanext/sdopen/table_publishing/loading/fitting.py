"""Which table of a file is the catalog's: the one whose headings are most of its items."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ckanext.sdopen.sheets.account import Account
from ckanext.sdopen.sheets.reading import Table
from ckanext.sdopen.table_publishing.loading.sentences import LoadRefused, both
from ckanext.sdopen.tables.typing.matching import Matched, match

Items = Sequence[Mapping[str, Any]]
Said = list[dict[str, str]]
_SHOWN = 12


@dataclass(frozen=True)
class Fitting:
    """The table that is loaded, its columns, and what is remarked of it and of the others.

    `typed` are headings whose types are known, so that none is guessed.
    """

    table: Table
    matched: Matched
    remarks: Said
    typed: frozenset[str] = frozenset()


def expected(items: Items) -> list[str]:
    """The names that headings may have: Chinese and English ones of items."""
    names = (item.get(key) for item in items for key in ("name", "english_name"))
    return [str(name) for name in names if name]


def fitting(tables: Sequence[Table], items: Items) -> Fitting:
    """The table that fits the items best; of tables that fit alike the longest, then the first.

    Raises:
        LoadRefused: there are items, and none of them is in any table.
    """
    matches = [match(one.account.columns, items) for one in tables]

    def rank(place: int) -> tuple[int, int, int]:
        return len(matches[place].items), tables[place].account.rows, -place

    best = max(range(len(tables)), key=rank)
    chosen = tables[best]
    if items and not matches[best].items:
        raise LoadRefused("nothing_fits", headings="、".join(chosen.account.columns[:_SHOWN]))
    others = [one.account for place, one in enumerate(tables) if place != best]
    remarks = [both("other_table", sheet=one.sheet or one.member, rows=one.rows) for one in others]
    return Fitting(chosen, matches[best], [*_remarks(chosen.account), *remarks])


def _remarks(account: Account) -> Said:
    said = [
        both(f"skipped_{reason}", count=rows.count, rows=rows)
        for reason, rows in account.skipped.items()
    ]
    told = [{lang: one.sentence(lang) for lang in ("zh", "en")} for one in account.remarks]
    return [*told, *said]


def source_of(account: Account, name: str) -> dict[str, Any]:
    """What a version says of the file that it was made of; what is empty is left out."""
    told = {
        "file": name,
        "format": account.format,
        "encoding": account.encoding,
        "delimiter": account.delimiter,
        "member": account.member,
        "sheet": account.sheet,
        "header_row": account.header_row,
        "header_rows": account.header_rows,
    }
    return {key: value for key, value in told.items() if value}
