"""The counters of the home page: what everyone sees, from one Solr request, kept for a minute."""

import json
import time
from dataclasses import dataclass, field
from typing import Any

import ckan.plugins.toolkit as tk
from ckan.lib.search.common import make_connection


@dataclass(frozen=True)
class Counts:
    """What everyone sees: catalogs, interfaces, records; entries by topic and department."""

    catalogs: int
    interfaces: int
    records: int
    by_topic: dict[str, int] = field(default_factory=dict)
    by_department: dict[str, int] = field(default_factory=dict)

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


@dataclass
class _Kept:
    counts: Counts | None = None
    until: float = 0.0


_KEPT = _Kept()


def _asked() -> Counts:
    """The counts from the index, of active entries with the label `public` alone."""
    answer = make_connection(decode_dates=False).search(
        "*:*",
        fq=[
            f'+site_id:"{tk.config["ckan.site_id"]}"',
            "+state:active",
            "+entity_type:package",
            "+permission_labels:public",
        ],
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
    )


def _buckets(counted: dict[str, Any], name: str) -> dict[str, dict[str, Any]]:
    return {bucket["val"]: bucket for bucket in counted.get(name, {}).get("buckets", [])}


def public_counts() -> Counts:
    """The counters, at most `ckanext.sdopen.portal.counts_seconds` old."""
    now = time.monotonic()
    if _KEPT.counts is None or now >= _KEPT.until:
        _KEPT.counts = _asked()
        _KEPT.until = now + tk.config["ckanext.sdopen.portal.counts_seconds"]
    return _KEPT.counts


def forget() -> None:
    """Ask the index anew at the next call."""
    _KEPT.counts = None
