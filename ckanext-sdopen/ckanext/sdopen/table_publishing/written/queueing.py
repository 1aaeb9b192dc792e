"""Publications of working copies that are asked for."""

from ckan import model
from sqlalchemy import Row

from ckanext.sdopen.errors import SdopenError
from ckanext.sdopen.jobs import queues
from ckanext.sdopen.jobs.states import State
from ckanext.sdopen.table_publishing.written.publish_job import TABLE_PUBLISH


class UnderWay(SdopenError):
    """A publication is made of rows of a moment before: what was written since is not in it."""


def queue(resource: model.Resource, account: str) -> str:
    """Queue the publication of a resource's working copy; the id of its job. No commit.

    Raises:
        UnderWay: one is being made.
    """
    try:
        return queues.enqueue(
            TABLE_PUBLISH, {"resource": resource.id}, subject=resource.id, account=account
        )
    except queues.AlreadyQueued:
        found = latest(resource)
        if found is None or found.state != State.WAITING:
            raise UnderWay(resource.id) from None
        return str(found.id)


def latest(resource: model.Resource) -> Row | None:
    """The last job that published a resource's working copy; None where there was none."""
    return queues.latest(TABLE_PUBLISH, [resource.id]).get(resource.id)
