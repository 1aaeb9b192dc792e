"""What the home page says while the sample's tables are made."""

from dataclasses import dataclass
from threading import Condition

from cachetools import TTLCache, cached

from ckanext.sdopen.jobs.states import OPEN
from ckanext.sdopen.sample.tables.publishing import tables_job

__all__ = ["sdopen_sample_tables_under_way"]

# seconds for which a process remembers how far it was
_KEPT = 3.0


@dataclass(frozen=True)
class UnderWay:
    """How many tables stand, of how many; 0 of 0 before the first is begun."""

    done: int
    total: int


@cached(TTLCache[object, UnderWay | None](1, _KEPT), condition=Condition())
def sdopen_sample_tables_under_way() -> UnderWay | None:
    """How far the making of the sample's tables is; None where none is asked for."""
    row = tables_job.latest()
    if row is None or row.state not in OPEN:
        return None
    return UnderWay(row.done or 0, row.total or 0)
