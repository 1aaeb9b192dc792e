"""The vectors of subjects, made in the background, never while an entry is written."""

from ckanext.sdopen.jobs.kinds import Periodic, Queue
from ckanext.sdopen.search.meaning import store

__all__ = ["SUBJECT_VECTORS"]

_EVERY = 300.0


def _make() -> str:
    return f"{store.refresh()} subjects got a vector"


SUBJECT_VECTORS = Periodic("subject_vectors", Queue.UPKEEP, lambda: _EVERY, _make, 1_800.0)
