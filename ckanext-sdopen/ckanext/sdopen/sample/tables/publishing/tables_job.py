"""The tables of the sample, made in the background after its load."""

import time
from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model
from sqlalchemy import Row

from ckanext.sdopen.jobs import queues
from ckanext.sdopen.jobs.held import Again, Job
from ckanext.sdopen.jobs.kinds import Kind, Queue
from ckanext.sdopen.sample.province import Province
from ckanext.sdopen.sample.tables.publishing import publish, standing

__all__ = ["SAMPLE_TABLES"]

_SUBJECT = "sample"
# after so many seconds others in the queue have their turn: departments' own tables
_TURN = 30.0


def make(job: Job) -> dict[str, Any]:
    """Make and publish what is missing of the tables; what stands is left, so it may end anywhere.

    Raises:
        Again: there are more, and others may come first.
    """
    began = time.monotonic()
    province = Province(tk.config["ckanext.sdopen.sample.seed"], int(job.payload["catalogs"]))
    found = standing.of(province.catalog_entries(), full=False)
    model.Session.remove()
    done = found.there - len(found.missing)
    job.progress(done, found.there, {})
    for one in publish.publish_missing(found.missing, full=False):
        done += one.shown
        job.progress(done, found.there, {})
        if time.monotonic() - began > _TURN:
            raise Again(0)
    return {"tables": done}


SAMPLE_TABLES = Kind("sample_tables", Queue.TABLES, make, lambda: 900.0, tries=5)


def queue(catalogs: int) -> None:
    """Have the tables of a province of so many catalogs made; commits."""
    try:
        queues.enqueue(SAMPLE_TABLES, {"catalogs": catalogs}, subject=_SUBJECT)
    except queues.AlreadyQueued:
        model.Session.rollback()
    model.Session.commit()


def latest() -> Row[Any] | None:
    """The row of the last such job; None where there was none."""
    return queues.latest(SAMPLE_TABLES, [_SUBJECT]).get(_SUBJECT)
