"""Which item of the catalog a column of a file is, by the heading."""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from ckanext.sdopen.chinese.folding import folded
from ckanext.sdopen.tables.columns import Column
from ckanext.sdopen.tables.findings.records import ColumnFinding, Rule
from ckanext.sdopen.tables.typing import declared

# 注册资本（万元） | 电话*
_TAIL = re.compile(r"\s*(?:\(([^()]*)\)|\*)\s*$")
# the store numbers rows, a normalised file counts those of its source
_TAKEN = ("_id", "_row")


@dataclass(frozen=True)
class Matched:
    """The columns of a file by their headings, in their order, and what does not fit the items.

    `items` gives the item that each column is, a second column of the same item too: who asks
    whether a column may be given asks by it as well as by the column's name.
    """

    columns: Mapping[str, Column]
    items: Mapping[str, str]
    findings: tuple[ColumnFinding, ...]


def match(headings: Sequence[str], items: Iterable[Mapping[str, Any]]) -> Matched:
    """The columns of a file with these headings, declared by the items of its catalog.

    A heading is an item by its Chinese or English name, else by what stands before a last bracket.
    What no item declares is a text. Without items nothing is missing and nothing is unknown.
    """
    rows = [item for item in items if folded(str(item.get("name") or ""))]
    known = _by_name(rows)
    columns: dict[str, Column] = {}
    found: dict[str, str] = {}
    findings: list[ColumnFinding] = []
    for heading, item in _pairs(headings, known).items():
        name = str(item["name"]).strip() if item else ""
        second = bool(name) and name in found.values()
        plain = unicodedata.normalize("NFC", heading).strip()
        if item and not second:
            own = plain if folded(plain) == folded(name) else unicodedata.normalize("NFC", name)
            column = declared.column(item, own)
            unit = column.unit or _bracketed(heading)
            columns[heading] = replace(column, unit=unit)
        else:
            columns[heading] = Column(plain)
        if name:
            found[heading] = name
        if second or (rows and not item):
            findings.append(ColumnFinding(Rule.TWICE if second else Rule.UNKNOWN, plain))
    present = set(found.values())
    absent = [name for item in rows if (name := str(item["name"]).strip()) not in present]
    findings += [ColumnFinding(Rule.MISSING, name) for name in absent]
    named = _with_own_names({heading: columns[heading] for heading in headings})
    return Matched(named, {named[h].name: name for h, name in found.items()}, tuple(findings))


def _by_name(items: Iterable[Mapping[str, Any]]) -> dict[str, Mapping[str, Any]]:
    """{compared name: item}; a Chinese name comes before an English one that is alike."""
    known: dict[str, Mapping[str, Any]] = {}
    for key in ("english_name", "name"):
        for item in items:
            if name := folded(str(item.get(key) or "")):
                known[name] = item
    return known


def _pairs(
    headings: Sequence[str], known: Mapping[str, Mapping[str, Any]]
) -> dict[str, Mapping[str, Any] | None]:
    """{heading: its item}: whole headings count first, so that a bracket takes no item away."""
    whole = {heading: known.get(folded(heading)) for heading in headings}
    pairs = dict(sorted(whole.items(), key=lambda pair: pair[1] is None))
    for heading, item in whole.items():
        if item is None:
            pairs[heading] = known.get(folded(_TAIL.sub("", _narrow(heading))))
    return pairs


def _narrow(heading: str) -> str:
    return unicodedata.normalize("NFKC", heading)


def _bracketed(heading: str) -> str:
    found = _TAIL.search(_narrow(heading))
    return (found[1] or "").strip() if found else ""


def _with_own_names(columns: Mapping[str, Column]) -> dict[str, Column]:
    """The columns, each under a name that no other bears, small and large letters alike."""
    taken = set(_TAKEN)
    named: dict[str, Column] = {}
    for heading, column in columns.items():
        name, number = column.name, 2
        while name.casefold() in taken:
            name, number = f"{column.name}_{number}", number + 1
        taken.add(name.casefold())
        named[heading] = replace(column, name=name)
    return named
