"""The upkeep of the jobs themselves."""

from ckanext.sdopen.jobs import queues, settings
from ckanext.sdopen.jobs.kinds import Periodic, Queue

__all__ = ["JOBS_SWEEP"]


def _sweep() -> str:
    return f"{queues.sweep(settings.keep_days())} ended jobs forgotten"


JOBS_SWEEP = Periodic("jobs_sweep", Queue.UPKEEP, lambda: 3_600.0, _sweep, 600.0)
