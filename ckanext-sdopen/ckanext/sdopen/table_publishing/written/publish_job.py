"""The publication of a working copy in the background."""

from typing import Any

from ckanext.sdopen.jobs.held import Job
from ckanext.sdopen.jobs.kinds import Kind, Queue
from ckanext.sdopen.table_publishing.loading import running, settings
from ckanext.sdopen.table_publishing.written.publication import Publication

__all__ = ["TABLE_PUBLISH"]


def publish(job: Job) -> dict[str, Any]:
    """Make a version of what clients wrote, and publish it."""
    return running.run(job, Publication)


TABLE_PUBLISH = Kind("table_publish", Queue.TABLES, publish, settings.seconds, tries=5)
