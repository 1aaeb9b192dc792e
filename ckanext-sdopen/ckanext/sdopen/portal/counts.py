"""The counters of the home page: what everyone sees, from one Solr request, kept for a minute."""

import time
from dataclasses import dataclass, field

import ckan.plugins.toolkit as tk
from ckan.lib.search.common import make_connection


@dataclass(frozen=True)
class Counts:
    """Entries that everyone sees: catalogs, interfaces, declared records, and entries by topic."""

    catalogs: int
    interfaces: int
    records: int
    by_topic: dict[str, int] = field(default_factory=dict)

    @property
    def topics(self) -> int:
        """How many topics hold an entry; 其他 is no topic of the list."""
        return sum(1 for topic, count in self.by_topic.items() if count and topic != "other")


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
        facet="true",
        **{
            "facet.field": ["dataset_type", "topics"],
            "facet.limit": -1,
            "facet.mincount": 1,
            "stats": "true",
            "stats.field": "record_count",
        },
    )
    kinds = _pairs(answer.facets["facet_fields"].get("dataset_type", []))
    sums = (answer.stats or {}).get("stats_fields", {}).get("record_count") or {}
    return Counts(
        catalogs=kinds.get("dataset", 0),
        interfaces=kinds.get("interface", 0),
        records=int(sums.get("sum") or 0),
        by_topic=_pairs(answer.facets["facet_fields"].get("topics", [])),
    )


def _pairs(flat: list) -> dict[str, int]:
    return dict(zip(flat[::2], flat[1::2], strict=True))


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
