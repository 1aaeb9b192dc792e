"""The upkeep of files: bytes that no resource gives any more go some days after."""

from ckanext.sdopen.entries.files import sweeping
from ckanext.sdopen.jobs.kinds import Periodic, Queue

__all__ = ["FILES_SWEEP"]


def _sweep() -> str:
    marked, removed = sweeping.sweep()
    return f"{marked} files marked, {removed} removed"


FILES_SWEEP = Periodic("files_sweep", Queue.UPKEEP, lambda: 86_400.0, _sweep, 3_600.0)
