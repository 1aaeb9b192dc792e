"""What each step of the ladder finds: one Solr request that counts all of them."""

import hashlib
import json
import logging
from collections.abc import Sequence
from threading import Lock
from typing import Any

import ckan.plugins.toolkit as tk
import pysolr
from cachetools import TLRUCache, cached
from ckan.lib.search.common import SearchError

from ckanext.sdopen.ckan_seams.repairs.solr_connection import connect
from ckanext.sdopen.search.clauses import kept_once
from ckanext.sdopen.search.ladder import Ladder
from ckanext.sdopen.search.meaning.neighbours import neighbours
from ckanext.sdopen.search.tiers.admission import Admitted, Counted, admitted

log = logging.getLogger(__name__)

_CACHE_SIZE = 2_000
# of a step's subjects, those with most entries are looked at
_SUBJECTS = 300


def _facets(ladder: Ladder) -> dict[str, Any]:
    """What is asked of each step: entries with the steps above it, and its own subjects."""
    subjects = {"type": "terms", "field": "title_subject", "limit": _SUBJECTS}
    facets: dict[str, Any] = {}
    above: list[str] = []
    for number, step in enumerate(ladder.steps):
        above.append(kept_once(step.query))
        facets[f"count{number}"] = {"type": "query", "q": " OR ".join(above)}
        own = {"type": "query", "q": above[-1], "facet": {"found": subjects}}
        facets[f"own{number}"] = own
    return facets


def _asked(ladder: Ladder, filters: Sequence[str]) -> list[Counted]:
    asked = {"json.facet": json.dumps(_facets(ladder)), "q.op": "AND", "df": "text"}
    try:
        answer = connect(decode_dates=False).search("*:*", fq=list(filters), rows=0, **asked)
    except pysolr.SolrError as error:
        # CKAN's pages and API know this error; where Solr stands is for the log only
        log.error("Solr did not count the steps of a search: %s", error)
        sentence = tk._("The search does not answer at the moment; try again in a minute")
        raise SearchError(sentence) from error
    facets = answer.raw_response.get("facets", {})
    counted = []
    for number in range(len(ladder.steps)):
        buckets = facets.get(f"own{number}", {}).get("found", {}).get("buckets", [])
        subjects = {bucket["val"]: bucket["count"] for bucket in buckets}
        counted.append(Counted(facets.get(f"count{number}", {}).get("count", 0), subjects))
    return counted


def _key(ladder: Ladder, filters: Sequence[str]) -> str:
    """A short key: the queries of a search are long, and the filters hold the labels."""
    asked = json.dumps([[step.query for step in ladder.steps], list(filters)])
    return hashlib.sha256(asked.encode()).hexdigest()


def _until(_key: str, _found: Admitted, now: float) -> float:
    return now + float(tk.config["ckanext.sdopen.search.step_seconds"])


# pages of one search ask the same again
@cached(TLRUCache[str, Admitted](_CACHE_SIZE, _until), key=_key, lock=Lock())
def found(ladder: Ladder, filters: Sequence[str]) -> Admitted:
    """What answers a question under the filters, kept for a few seconds."""
    counted = _asked(ladder, filters)
    least = tk.config["ckanext.sdopen.search.enough"]
    # what is left out of one question is no other's
    readable = [one for one in filters if not one.startswith("-")]
    return admitted(ladder, counted, least, neighbours(ladder.meant, readable))


def forget() -> None:
    """Count anew at the next query."""
    found.cache_clear()
