"""Whether database, narrow table and index hold equally many entries: three counts, no compare."""

from collections.abc import Iterator
from dataclasses import dataclass

import ckan.plugins.toolkit as tk
import orjson
from sqlalchemy import Connection, text

from ckanext.sdopen.breaker import noted
from ckanext.sdopen.breaker import settings as waiting
from ckanext.sdopen.ckan_seams.index_document import removes_deleted
from ckanext.sdopen.guard.doctor.parts import Look
from ckanext.sdopen.guard.doctor.rules.findings import Area, Finding, Severity, graded
from ckanext.sdopen.index import solr
from ckanext.sdopen.standard.elements import KIND_OF_TYPE

# a share of entries from which on a difference is an error; below it something was under way
_GRAVE = 0.01
_COUNTS = text(
    """
    SELECT (SELECT count(*) FROM package WHERE type = ANY(:kinds)) AS entries,
        (SELECT count(*) FROM package WHERE state <> 'deleted' OR :keeps) AS shown,
        (SELECT count(*) FROM sdopen_entry) AS narrow,
        (SELECT count(*) FROM sdopen_outbox) AS waiting
    """
)


@dataclass(frozen=True, slots=True)
class Counts:
    """How many entries, packages to be found, narrow rows and entries that wait there are."""

    entries: int
    shown: int
    narrow: int
    waiting: int


def counted(connection: Connection) -> Counts:
    """The counts of the database."""
    asked = {"kinds": list(KIND_OF_TYPE), "keeps": not removes_deleted()}
    row = connection.execute(_COUNTS, asked).one()
    return Counts(row.entries, row.shown, row.narrow, row.waiting)


def indexed() -> int:
    """How many documents of this portal can be found in the index.

    Raises:
        SolrSilent: Solr does not answer in time.
    """
    query = {
        "query": "*:*",
        "filter": [f'+site_id:"{tk.config["ckan.site_id"]}"', "+entity_type:package"],
        "limit": 0,
    }
    answer = solr.asked("select", orjson.dumps(query), float(waiting.solr_read()))
    return int(answer["response"]["numFound"])


def _judged(check: str, wanted: int, found: int, excused: int) -> Finding:
    apart = max(0, abs(wanted - found) - excused)
    severity = graded(apart, 1, max(1, wanted * _GRAVE))
    facts = {"wanted": wanted, "found": found}
    if severity is Severity.OK:
        return Finding(Area.AGREEMENT, check, severity, facts)
    return Finding(Area.AGREEMENT, f"{check}_differs", severity, facts)


def findings(connection: Connection, seen: Look) -> Iterator[Finding]:
    """Whether the counts agree; entries that wait for the index may differ there."""
    known = counted(connection)
    yield _judged("narrow", known.entries, known.narrow, 0)
    if seen.has(noted.SOLR):
        try:
            found = indexed()
        except solr.SolrSilent:
            yield Finding(Area.AGREEMENT, "index_unknown", Severity.WARNING, {})
        else:
            yield _judged("index", known.shown, found, known.waiting)
