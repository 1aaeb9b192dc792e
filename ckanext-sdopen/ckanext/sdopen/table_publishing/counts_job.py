"""Counts of downloads are brought from Redis into the database."""

from ckanext.sdopen.counting import kept
from ckanext.sdopen.jobs.kinds import Periodic, Queue

__all__ = ["DOWNLOAD_COUNTS"]


def _bring_in() -> str:
    return f"{kept.bring_in()} downloads counted"


DOWNLOAD_COUNTS = Periodic("download_counts", Queue.UPKEEP, lambda: 60.0, _bring_in, 300.0)
