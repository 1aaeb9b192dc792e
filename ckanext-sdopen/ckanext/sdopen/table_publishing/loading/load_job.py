"""The load of a table in the background, and the sweeping of what was kept of loads."""

from typing import Any

from ckanext.sdopen.jobs.held import Job
from ckanext.sdopen.jobs.kinds import Kind, Periodic, Queue
from ckanext.sdopen.table_publishing.loading import kept, running, settings
from ckanext.sdopen.table_publishing.loading.load import Load
from ckanext.sdopen.tables import settings as tables_settings

__all__ = ["TABLE_LOAD", "TABLE_LOADS_SWEEP"]


def load(job: Job) -> dict[str, Any]:
    """Load the file of a resource as its table."""
    return running.run(job, Load)


def _sweep() -> str:
    return f"{kept.sweep(tables_settings.keep())} loads forgotten"


# a try goes on behind what the one before has read
TABLE_LOAD = Kind("table_load", Queue.TABLES, load, settings.seconds, tries=5)
TABLE_LOADS_SWEEP = Periodic("table_loads_sweep", Queue.TABLES, lambda: 3_600.0, _sweep, 600.0)
