"""The list of a directory of many entries while Solr is away: milliseconds a page."""

import statistics
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from ckanext.sdopen.bench.bulk.bulk import own_folder
from ckanext.sdopen.bench.bulk.corpus import records, write
from ckanext.sdopen.bench.bulk.run import load
from ckanext.sdopen.bench.stand import Stand, standing
from ckanext.sdopen.sample import Province
from ckanext.sdopen.services.running import ready

# a page of the list by the database, by the issue
MOST_MS = 300
_PATTERNS = 100
_PAGE = 20
# narrow rows after those of real entries: a fifth interfaces, a third private, some withdrawn
_ROWS = """
INSERT INTO sdopen_entry (id, kind, region, code, owner_org, title, title_key, state, private,
    sharing, opening, topics, update_cycle, updated_on, modified)
SELECT md5(n::text)::uuid::text, CASE WHEN n %% 5 = 0 THEN 'interface' ELSE 'catalog' END, e.region,
    'bench/' || n, e.owner_org, e.title || n, md5(n::text),
    CASE WHEN n %% 50 = 0 THEN 'deleted' ELSE 'active' END, n %% 3 = 0,
    CASE WHEN n %% 3 = 0 THEN 'conditional' ELSE 'unconditional' END,
    CASE WHEN n %% 3 = 0 THEN 'none' ELSE 'unconditional' END, e.topics, e.update_cycle,
    e.updated_on, timestamp '2020-01-01' + n * interval '1 second'
FROM generate_series(1, %s) AS n
JOIN (SELECT *, row_number() OVER (ORDER BY id) AS number FROM sdopen_entry) AS e
    ON e.number = 1 + n %% (SELECT count(*) FROM sdopen_entry)
"""
_LISTED = "state = 'active' AND NOT private AND kind = 'catalog'"
# the entries of a page, copies of a real one
_ENTRIES = """
INSERT INTO package ({columns})
SELECT {values} FROM
    (SELECT id FROM sdopen_entry WHERE {listed} ORDER BY modified DESC, id OFFSET %s LIMIT %s) AS e,
    (SELECT * FROM package WHERE type = 'dataset' AND state = 'active' AND NOT private LIMIT 1) AS p
ON CONFLICT (id) DO NOTHING
"""


def _columns(stand: Stand) -> list[str]:
    asked = "SELECT column_name FROM information_schema.columns WHERE table_name = 'package'"
    return [str(row[0]) for row in stand.sql(asked)]


def _fill(stand: Stand, entries: int) -> int:
    """Rows of so many entries; how many of them the list shows to everybody."""
    stand.sql(_ROWS, [entries])
    # as autovacuum leaves them
    stand.sql("VACUUM ANALYZE sdopen_entry")
    return int(stand.sql(f"SELECT count(*) FROM sdopen_entry WHERE {_LISTED}")[0][0])  # noqa: S608


def _give_entries(stand: Stand, first: int, count: int) -> None:
    columns = _columns(stand)
    own = {"id": "e.id", "name": "'bench-' || e.id"}
    statement = _ENTRIES.format(
        columns=", ".join(columns),
        values=", ".join(own.get(name, f"p.{name}") for name in columns),
        listed=_LISTED,
    )
    stand.sql(statement, [first, count])


def _places(listed: int, pages: int) -> dict[str, int]:
    """The number of the first page of each kind."""
    last = listed // _PAGE - pages
    return {"first": 1, "middle": last // 2, "last": last}


def _milliseconds(url: str, paths: Iterator[str]) -> list[float]:
    found = []
    for path in paths:
        began = time.perf_counter()
        if ready.http_status(url + path, timeout=120) != 200:
            raise ValueError(f"{path} does not answer")
        found.append((time.perf_counter() - began) * 1000)
    return found


def measure(
    entries: int, pages: int, folder: Path | None, say: Callable[[str], None]
) -> dict[str, Any]:
    """Median and longest wait for pages that nobody asked before, of the list and of the API.

    Args:
        entries: rows of the narrow table.
        pages: pages of each kind: the first ones, those in the middle, the last ones.
        folder: where the bench's own portal stands.
        say: takes a line about each kind of page.
    """
    figures: dict[str, Any] = {}
    with own_folder(folder) as place, standing(place, 2_220) as stand:
        path = stand.stack.layout.run / "some.ndjson"
        write(path, records(Province(catalogs=2_220), 0, _PATTERNS))
        load(stand, path, _PATTERNS, _PATTERNS)
        listed = _fill(stand, entries)
        say(f"{entries} rows, of which the list shows {listed}")
        stand.stack.stop("solr")
        url = stand.stack.url
        for name, first in _places(listed, pages).items():
            _give_entries(stand, (first - 1) * _PAGE, pages * _PAGE)
            # each process compiles and counts at its first pages
            _milliseconds(url, (f"/dataset/?page={first}&n={n}" for n in range(6)))
            lists = (f"/dataset/?page={n}" for n in range(first + 1, first + pages))
            asked = "/api/3/action/package_search?fq=dataset_type:dataset&start="
            searches = (f"{asked}{n * _PAGE + 1}" for n in range(first, first + pages - 1))
            for what, paths in (("list", lists), ("package_search", searches)):
                found = _milliseconds(url, paths)
                figures[f"{what}, {name}"] = {
                    "median_ms": round(statistics.median(found)),
                    "max_ms": round(max(found)),
                }
                say(f"{what}, {name} pages: {figures[f'{what}, {name}']}")
    return figures
