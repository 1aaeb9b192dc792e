"""Entries compared with one another: the same title, code or item, numbers that count up.

Entries pass by once, in their order; findings are asked for at the end. All is linear.
"""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

from ckanext.sdopen.standard.findings import Finding

# letters and digits of any script count, everything else is punctuation or blank
_COUNTED = ("L", "N")
# three in a row are no chance
_RUN = 3
_LAST_NUMBER = re.compile(r"(\d+)(?!.*\d)", re.DOTALL)
_YEARS = range(1900, 2101)
_SHOWN = 5
Entry = Mapping[str, Any]
# the number of an entry, and what is wrong with it
NumberedFinding = tuple[int, Finding]


@lru_cache(maxsize=65_536)
def title_key(title: str) -> str:
    """A title without what hides a duplicate: width, case, punctuation, blanks.

    >>> title_key("企业 名录（2024年）") == title_key("企业名录(2024年)")
    True
    """
    folded = unicodedata.normalize("NFKC", title).casefold()
    return "".join(char for char in folded if unicodedata.category(char)[0] in _COUNTED)


class Duplicates:
    """Remembers of each entry what tells duplicates; `place` says where an entry stands."""

    def __init__(self) -> None:
        self._codes: dict[str, list[tuple[int, str]]] = defaultdict(list)
        self._titles: dict[tuple[str, str], list[tuple[int, str, str]]] = defaultdict(list)
        self._items: dict[int, tuple[str, ...]] = {}
        self._providers: dict[str, list[tuple[int, str]]] = defaultdict(list)
        self._runs = {name: _Runs(name) for name in ("title", "owner_org")}

    def add(self, number: int, entry: Entry, place: str) -> None:
        """Take in one entry."""
        code, title = str(entry.get("resource_code") or ""), str(entry.get("title") or "")
        provider = str(entry.get("owner_org") or "")
        if code:
            self._codes[code.lower()].append((number, place))
        if title:
            self._titles[(provider, title_key(title))].append((number, title, place))
            if provider:
                self._providers[title_key(title)].append((number, provider))
                names = (row.get("name") for row in entry.get("info_items") or ())
                self._items[number] = tuple(str(name) if name else "" for name in names)
        for name, run in self._runs.items():
            run.add(number, str(entry.get(name) or ""))

    def findings(self) -> Iterator[NumberedFinding]:
        """(number of the entry, finding) of all entries so far."""
        yield from self._codes_twice()
        yield from self._titles_twice()
        for run in self._runs.values():
            yield from run.findings()
        yield from self._items_twice()

    def _codes_twice(self) -> Iterator[NumberedFinding]:
        for code, found in self._codes.items():
            if len(found) > 1:
                rows = _places([place for _, place in found])
                for number, _ in found:
                    params = {"value": code, "rows": rows}
                    yield number, Finding("resource_code_twice", "resource_code", params)

    def _titles_twice(self) -> Iterator[NumberedFinding]:
        for found in self._titles.values():
            if len(found) < 2:
                continue
            first, second = found[0][1], next((t for _, t, _ in found if t != found[0][1]), "")
            rows = _places([place for _, _, place in found])
            for number, title, _ in found:
                other = second if title == first else first
                if not other:
                    yield number, Finding("title_repeated", "title", {"value": title, "rows": rows})
                else:
                    params = {"value": title, "other": other, "rows": rows}
                    yield number, Finding("title_twice", "title", params)

    def _items_twice(self) -> Iterator[NumberedFinding]:
        """一数一源: catalogs of one title from two providers that list the same item."""
        for found in self._providers.values():
            if len({provider for _, provider in found}) < 2:
                continue
            first: dict[str, str] = {}
            later: dict[str, str] = {}
            for number, provider in found:
                for name in filter(None, self._items[number]):
                    if first.setdefault(title_key(name), provider) != provider:
                        later.setdefault(title_key(name), provider)
            for number, provider in found:
                for row, name in enumerate(self._items[number]):
                    if title_key(name) in later and name:
                        known = first[title_key(name)]
                        other = known if known != provider else later[title_key(name)]
                        params = {"value": name, "other": other}
                        yield (
                            number,
                            Finding("item_in_two_providers", "info_items", params, row, "name"),
                        )


def _places(places: list[str]) -> str:
    shown = "、".join(dict.fromkeys(places[:_SHOWN]))
    return f"{shown}……" if len(places) > _SHOWN else shown


class _Runs:
    """Neighbours whose last number rises by one, as a spreadsheet's fill-down makes them."""

    def __init__(self, field: str) -> None:
        self.field = field
        self._previous: tuple[str, str, int] | None = None
        self._run: list[tuple[int, str]] = []
        self._in_runs: list[tuple[int, str]] = []

    def add(self, number: int, text: str) -> None:
        found = _LAST_NUMBER.search(text)
        counted = int(found[1][:15]) if found else -1
        parts = (text[: found.start()], text[found.end() :]) if found else (text, "")
        if found is None or counted in _YEARS:
            self._close()
            return
        if self._previous == (*parts, counted - 1):
            self._run.append((number, text))
        elif self._previous != (*parts, counted):
            self._close()
            self._run = [(number, text)]
        self._previous = (*parts, counted)

    def _close(self) -> None:
        if len(self._run) >= _RUN:
            self._in_runs += self._run
        self._run, self._previous = [], None

    def findings(self) -> Iterator[NumberedFinding]:
        self._close()
        for number, text in self._in_runs:
            yield number, Finding("title_counted", self.field, {"value": text})
