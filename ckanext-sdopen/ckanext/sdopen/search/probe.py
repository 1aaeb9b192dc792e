"""Which step of the ladder answers: one Solr request that counts all of them."""

import hashlib
import json
import logging
import time
from collections.abc import Sequence

import ckan.plugins.toolkit as tk
import pysolr
from ckan.lib.search.common import SearchError, make_connection

from ckanext.sdopen.search.ladder import Ladder

log = logging.getLogger(__name__)

_KEPT: dict[str, tuple[float, list[int]]] = {}
_MOST_KEPT = 2_000


def _asked(ladder: Ladder, filters: Sequence[str]) -> list[int]:
    queries = [ladder.query(step.name) for step in ladder.steps]
    try:
        answer = make_connection(decode_dates=False).search(
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


def counts(ladder: Ladder, filters: Sequence[str]) -> list[int]:
    """How many entries each step finds under the filters, kept for a few seconds.

    Pages of one search ask the same again; the key holds the filters, and so the labels.
    """
    key = hashlib.sha256(
        json.dumps([[step.query for step in ladder.steps], list(filters)]).encode()
    ).hexdigest()
    now = time.monotonic()
    kept = _KEPT.get(key)
    if kept and kept[0] > now:
        return kept[1]
    found = _asked(ladder, filters)
    if len(_KEPT) >= _MOST_KEPT:
        _KEPT.clear()
    _KEPT[key] = (now + tk.config["ckanext.sdopen.search.step_seconds"], found)
    return found


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
    _KEPT.clear()
