"""Parts that did not answer in this request: nothing waits for them twice, the page says so."""

import ckan.plugins.toolkit as tk
from flask import g, has_request_context

POSTGRES, SOLR, REDIS, TABLES = PARTS = ("postgresql", "solr", "redis", "tables")
_KEY = "sdopen_parts_away"


def note(part: str) -> None:
    """Remember that a part did not answer; nothing outside a request."""
    if has_request_context():
        known: set[str] = g.setdefault(_KEY, set())
        known.add(part)
        # CKAN's mark of a page that nobody keeps
        tk.request.environ["__no_cache__"] = True


def away() -> frozenset[str]:
    """The parts that did not answer in this request."""
    return frozenset(g.get(_KEY, ())) if has_request_context() else frozenset()
