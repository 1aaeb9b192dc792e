"""The upkeep of tables: versions, files and parts that nobody needs any more go."""

from ckanext.sdopen.jobs.kinds import Periodic, Queue
from ckanext.sdopen.tables import settings, sweeping

__all__ = ["TABLES_SWEEP"]


def _sweep() -> str:
    marked, removed, parts = sweeping.sweep(settings.store())
    return f"{marked} versions marked, {removed} files and {parts} parts removed"


TABLES_SWEEP = Periodic("tables_sweep", Queue.TABLES, lambda: 3_600.0, _sweep, 3_600.0)
