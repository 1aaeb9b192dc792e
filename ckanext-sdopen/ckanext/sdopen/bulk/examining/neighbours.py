"""What the directory holds that concerns the entries of a batch."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from ckan import model
from sqlalchemy import text

from ckanext.sdopen import codes
from ckanext.sdopen.directory import neighbours
from ckanext.sdopen.entries.steps.arrival import Arrival
from ckanext.sdopen.identifiers.resource_code import parsed
from ckanext.sdopen.standard.duplicates import title_key

_TITLES = text(
    """
    SELECT DISTINCT e.kind, e.owner_org, e.title_key, e.id, e.title
    FROM unnest(CAST(:owners AS text[]), CAST(:keys AS text[])) AS w(owner_org, title_key)
    JOIN sdopen_entry e ON e.owner_org = w.owner_org AND e.title_key = w.title_key
    WHERE e.state <> 'deleted'
    """
)
_NUMBERS = text(
    """
    SELECT n.kind, n.region, n.prefix, n.number, n.state, n.organization_id, g.title
    FROM unnest(
        CAST(:kinds AS text[]), CAST(:regions AS text[]),
        CAST(:prefixes AS text[]), CAST(:numbers AS bigint[])
    ) AS w(kind, region, prefix, number)
    JOIN sdopen_number n USING (kind, region, prefix, number)
    LEFT JOIN "group" g ON g.id = n.organization_id
    """
)
_ALIASES = text("SELECT name, entry_id FROM sdopen_alias WHERE name = ANY(:names)")
_PREFIXES = text(
    """
    SELECT organization_id, array_agg(prefix) FROM sdopen_prefix
    WHERE organization_id = ANY(:owners) GROUP BY organization_id
    """
)
_TREES = text(
    """
    SELECT region FROM unnest(CAST(:regions AS text[])) AS region
    WHERE EXISTS (SELECT FROM sdopen_classification c WHERE c.region = region)
    """
)
_CLASSES = text(
    """
    SELECT c.region, c.code FROM sdopen_classification c
    WHERE c.region = ANY(:regions) AND c.code = ANY(:prefixes)
    """
)


def _path(region: str) -> tuple[str, ...]:
    return tuple(codes.path(region)) if region in codes.regions() else ()


class Neighbourhood:
    """The answers for a batch: six statements at most, whatever its length."""

    def __init__(self, arrivals: Iterable[Arrival]) -> None:
        listed = list(arrivals)
        self._load_titles(listed)
        self._load_numbers(listed)
        names = sorted({neighbours.address(a.entry, a.kind, a.region) for a in listed} - {""})
        self._aliases = dict(tuple(row) for row in _rows(_ALIASES, names=names)) if names else {}
        owners = sorted({a.owner for a in listed})
        self._prefixes = dict(tuple(row) for row in _rows(_PREFIXES, owners=owners))
        regions = sorted({region for a in listed for region in _path(a.region)})
        self._trees = {row.region for row in _rows(_TREES, regions=regions)}
        prefixes = sorted({parts.prefix for a in listed if (parts := parsed(a.code))})
        self._classes = (
            {tuple(r) for r in _rows(_CLASSES, regions=sorted(self._trees), prefixes=prefixes)}
            if self._trees
            else set()
        )

    def _load_titles(self, listed: list[Arrival]) -> None:
        pairs = sorted({(a.owner, title_key(a.title)) for a in listed})
        rows = _rows(_TITLES, owners=[o for o, _ in pairs], keys=[k for _, k in pairs])
        self._titles: dict[tuple[str, str, str], dict[str, str]] = defaultdict(dict)
        self._bearing: dict[str, tuple[str, str, str]] = {}
        for row in rows:
            self._bear((row.kind, row.owner_org, row.title_key), row.id, row.title)

    def _bear(self, key: tuple[str, str, str], entry_id: str, title: str) -> None:
        before = self._bearing.get(entry_id)
        if before:
            self._titles[before].pop(entry_id, None)
        self._titles[key][entry_id] = title
        self._bearing[entry_id] = key

    def _load_numbers(self, listed: list[Arrival]) -> None:
        wanted = sorted(
            {(a.kind, a.region, p.prefix, p.number) for a in listed if (p := parsed(a.code))}
        )
        columns = list(zip(*wanted, strict=True)) or [(), (), (), ()]
        names = ("kinds", "regions", "prefixes", "numbers")
        rows = _rows(_NUMBERS, **{n: list(c) for n, c in zip(names, columns, strict=True)})
        self._numbers = {(r.kind, r.region, r.prefix, r.number): r for r in rows}

    def neighbours_of(self, arrival: Arrival) -> neighbours.Neighbours:
        """What the directory holds that concerns one of the entries."""
        parts = parsed(arrival.code)
        number = (
            self._numbers.get((arrival.kind, arrival.region, parts.prefix, parts.number))
            if parts
            else None
        )
        same = self._titles.get((arrival.kind, arrival.owner, title_key(arrival.title)), {})
        return neighbours.Neighbours(
            next((title for one, title in same.items() if one != arrival.entry_id), None),
            number.state if number else None,
            number.organization_id if number else None,
            self._aliases.get(neighbours.address(arrival.entry, arrival.kind, arrival.region)),
            self._prefixes.get(arrival.owner),
            self._knows(arrival.region, parts.prefix if parts else ""),
            (number.title or "") if number else "",
        )

    def _knows(self, region: str, prefix: str) -> bool | None:
        # 370102, 370100, 370000: the nearest region has the highest code of a path
        nearest = max((one for one in _path(region) if one in self._trees), default=None)
        return None if nearest is None else (nearest, prefix) in self._classes

    def add_title(self, arrival: Arrival) -> None:
        """From now on the entry bears its title, for those that follow in the batch."""
        self._bear(
            (arrival.kind, arrival.owner, title_key(arrival.title)), arrival.entry_id, arrival.title
        )


def _rows(statement: Any, **values: Any) -> Any:
    return model.Session.execute(statement, values)
