"""The figures of a session of the bulk bench."""

import statistics
from dataclasses import dataclass, field

from ckanext.sdopen.bench.bulk.run import Loaded
from ckanext.sdopen.bench.bulk.scans import Scans


@dataclass
class Measured:
    """The figures of a session, in the order in which they are taken."""

    runs: list[Loaded] = field(default_factory=list)
    solr: list[float] = field(default_factory=list)
    ckanapi: float = 0.0
    rebuild: float = 0.0
    pages: dict[str, float] = field(default_factory=dict)
    pages_failed: int = 0
    memory: dict[str, float] = field(default_factory=dict)
    scans: Scans | None = None
    curve: list[tuple[int, Loaded]] = field(default_factory=list)

    def json(self) -> dict[str, float]:
        """The figures of the issue."""
        rate = statistics.median(run.rate for run in self.runs)
        return {
            "entries_per_s": round(rate, 1),
            "ckanapi_per_s": round(self.ckanapi, 1),
            "ratio": round(rate / self.ckanapi, 1),
            "cpu_ms_per_entry": round(statistics.median(run.cpu_ms() for run in self.runs), 2),
            "of_solr": round(rate / statistics.median(self.solr), 2),
            "rebuild_per_s": round(self.rebuild, 1),
        }
