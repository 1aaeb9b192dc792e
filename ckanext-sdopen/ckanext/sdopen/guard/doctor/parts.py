"""PostgreSQL, Solr, Redis, the table reader: whether they answer, their releases and clocks."""

import datetime
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model

from ckanext.sdopen.breaker import noted, probes, watch
from ckanext.sdopen.breaker import settings as waiting
from ckanext.sdopen.ckan_seams.repairs.solr_connection import Solr
from ckanext.sdopen.guard.doctor.rules.findings import Area, Finding, Severity
from ckanext.sdopen.moments import instant


@dataclass(frozen=True)
class Look:
    """What was seen of the parts: those that are away, and what Solr says of itself."""

    away: frozenset[str]
    solr: Mapping[str, Any] = field(default_factory=dict)
    # when Solr was asked
    moment: datetime.datetime = field(default_factory=instant)

    def has(self, part: str) -> bool:
        """Whether a part answers."""
        return part not in self.away


def _solr() -> Solr:
    user, password = tk.config["solr_user"], tk.config["solr_password"]
    return Solr(tk.config["solr_url"], auth=(user, password) if user and password else None)


def look() -> Look:
    """Ask each part once, in bounded time; what this process knows to be away is not asked."""
    url = model.meta.engine.url.render_as_string(hide_password=False)
    asked: dict[str, Callable[[], bool]] = {
        noted.POSTGRES: lambda: probes.postgres(url),
        noted.SOLR: probes.solr,
        noted.REDIS: probes.redis,
        noted.TABLES: probes.tables,
    }
    known = watch.state()
    away = frozenset(part for part, asks in asked.items() if not (known[part] and asks()))
    said: Mapping[str, Any] = {}
    if noted.SOLR not in away:
        said = _solr().system((waiting.connect(), waiting.solr_read()))
    return Look(away, said)


def findings(seen: Look) -> Iterator[Finding]:
    """Which parts answer."""
    for part in noted.PARTS:
        severity = Severity.OK if seen.has(part) else Severity.ERROR
        check = "part_up" if seen.has(part) else f"{part}_away"
        yield Finding(Area.PARTS, check, severity, {"part": part})


def solr_release(seen: Look) -> str:
    """The release of Solr; empty where it does not say."""
    return str(seen.solr.get("lucene", {}).get("solr-spec-version", ""))


def solr_clock(seen: Look) -> datetime.datetime | None:
    """What Solr's clock showed when it was asked; None where it does not say."""
    times = seen.solr.get("jvm", {}).get("jmx", {})
    try:
        # ISO 8601, in UTC
        began = datetime.datetime.fromisoformat(times["startTime"])
        return began + datetime.timedelta(milliseconds=int(times["upTimeMS"]))
    except (KeyError, TypeError, ValueError):
        return None
