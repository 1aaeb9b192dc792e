"""The counters of the home page: what everyone sees, from one Solr request, kept for a minute.

While Solr is away the last ones stand; where there are none, rows of the database are counted.
"""

import json
from dataclasses import dataclass, field
from threading import Condition
from typing import Any

import ckan.plugins.toolkit as tk
from cachetools import TLRUCache, cached

from ckanext.sdopen.access import audience
from ckanext.sdopen.access.labels import PUBLIC
from ckanext.sdopen.ckan_seams.repairs.solr_connection import IndexAway, connect
from ckanext.sdopen.directory import readable_rows
from ckanext.sdopen.portal import table_counts
from ckanext.sdopen.portal.table_counts import NONE, Tables


@dataclass(frozen=True)
class Counts:
    """What everyone sees: catalogs, interfaces, records; entries by topic and department.

    `records` are those that the catalogs declare, `had` the tables that everybody can have.
    """

    catalogs: int
    interfaces: int
    records: int | None
    by_topic: dict[str, int] = field(default_factory=dict)
    by_department: dict[str, int] = field(default_factory=dict)
    had: Tables = NONE

    @property
    def topics(self) -> int:
        """How many topics hold an entry; 其他 is no topic of the list."""
        return sum(1 for topic, count in self.by_topic.items() if count and topic != "other")


_FACETS = {
    # an interface serves the records of its catalog: they are counted once
    "kinds": {"type": "terms", "field": "dataset_type", "facet": {"records": "sum(record_count)"}},
    "topics": {"type": "terms", "field": "topics", "limit": -1},
    "departments": {"type": "terms", "field": "organization", "limit": -1},
}


def _asked() -> Counts:
    """The counts from the index, of active entries with the label `public` alone."""
    answer = connect(decode_dates=False).search(
        "*:*",
        fq=audience.of_everybody(),
        rows=0,
        **{"json.facet": json.dumps(_FACETS)},
    )
    counted = answer.raw_response.get("facets", {})
    kinds = _buckets(counted, "kinds")
    catalogs = kinds.get("dataset", {})
    return Counts(
        catalogs=catalogs.get("count", 0),
        interfaces=kinds.get("interface", {}).get("count", 0),
        records=int(catalogs.get("records") or 0),
        by_topic={name: one["count"] for name, one in _buckets(counted, "topics").items()},
        by_department={
            name: one["count"] for name, one in _buckets(counted, "departments").items()
        },
        had=table_counts.open_tables(),
    )


def _buckets(counted: dict[str, Any], name: str) -> dict[str, dict[str, Any]]:
    return {bucket["val"]: bucket for bucket in counted.get(name, {}).get("buckets", [])}


class _Last:
    counts: Counts | None = None


def _by_rows() -> Counts:
    """The counts from the narrow table, which does not hold those of records."""
    held = [PUBLIC]
    kinds = readable_rows.counted(held, "kind")
    return Counts(
        catalogs=kinds.get("catalog", 0),
        interfaces=kinds.get("interface", 0),
        records=None,
        by_topic=dict(readable_rows.counted(held, "topics")),
        by_department=dict(readable_rows.counted(held, "organization")),
        had=table_counts.open_tables(),
    )


def _until(_key: Any, _counts: Counts, now: float) -> float:
    return now + float(tk.config["ckanext.sdopen.portal.counts_seconds"])


# visitors who come while they are counted wait for the first one's answer
@cached(TLRUCache[Any, Counts](1, _until), condition=Condition())
def public_counts() -> Counts:
    """The counters, at most `ckanext.sdopen.portal.counts_seconds` old."""
    try:
        _Last.counts = _asked()
    except IndexAway:
        return _Last.counts or _by_rows()
    return _Last.counts


def forget() -> None:
    """Ask the index anew at the next call."""
    _Last.counts = None
    public_counts.cache_clear()
