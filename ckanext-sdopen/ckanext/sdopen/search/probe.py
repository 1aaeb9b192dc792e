"""Which step of the ladder answers: one Solr request that counts all of them."""

import hashlib
import json
import logging
from collections.abc import Sequence
from threading import Lock

import ckan.plugins.toolkit as tk
import pysolr
from cachetools import TLRUCache, cached
from ckan.lib.search.common import SearchError

from ckanext.sdopen.ckan_seams.repairs.solr_connection import connect
from ckanext.sdopen.search.ladder import Ladder

log = logging.getLogger(__name__)

_CACHE_SIZE = 2_000


def _asked(ladder: Ladder, filters: Sequence[str]) -> list[int]:
    queries = [ladder.query(step.name) for step in ladder.steps]
    try:
        answer = connect(decode_dates=False).search(
            "*:*",
            fq=list(filters),
            rows=0,
            facet="true",
            **{"facet.query": queries, "q.op": "AND", "df": "text"},
        )
    except pysolr.SolrError as error:
        # CKAN's pages and API know this error; where Solr stands is for the log only
        log.error("Solr did not count the steps of a search: %s", error)
        sentence = tk._("The search does not answer at the moment; try again in a minute")
        raise SearchError(sentence) from error
    counts = answer.facets.get("facet_queries", {})
    return [counts.get(query, 0) for query in queries]


def _key(ladder: Ladder, filters: Sequence[str]) -> str:
    """A short key: the queries of a search are long, and the filters hold the labels."""
    asked = json.dumps([[step.query for step in ladder.steps], list(filters)])
    return hashlib.sha256(asked.encode()).hexdigest()


def _until(_key: str, _counts: list[int], now: float) -> float:
    return now + float(tk.config["ckanext.sdopen.search.step_seconds"])


# pages of one search ask the same again
@cached(TLRUCache[str, list[int]](_CACHE_SIZE, _until), key=_key, lock=Lock())
def counts(ladder: Ladder, filters: Sequence[str]) -> list[int]:
    """How many entries each step finds under the filters, kept for a few seconds."""
    return _asked(ladder, filters)


def answering(ladder: Ladder, filters: Sequence[str]) -> str:
    """The name of the first step that finds enough, else of the first that finds most."""
    found = counts(ladder, filters)
    least = tk.config["ckanext.sdopen.search.enough"]
    before = 0
    for step, count in zip(ladder.steps, found, strict=True):
        if count >= least and step.answers(count, before):
            return step.name
        before = count
    return ladder.steps[found.index(max(found))].name


def forget() -> None:
    """Count anew at the next query."""
    counts.cache_clear()
