"""Index anew the entries that an account of many departments reads, when its departments change."""

from typing import Any

from ckan import model
from sqlalchemy import Select, or_, select

from ckanext.sdopen import codes
from ckanext.sdopen.catalog import labels, outbox, scopes
from ckanext.sdopen.catalog.model import entries


def _within(region: str) -> list[str]:
    return [code for code in codes.regions() if region in codes.path(code)]


def _entries(own: list[str]) -> Select[Any]:
    """The ids of the entries that are not public and carry one of the labels, as a query."""
    departments = [one.removeprefix("member-") for one in own if one.startswith("member-")]
    governed = [one.removeprefix("authority-") for one in own if one.startswith("authority-")]
    regions = sorted({code for region in governed for code in _within(region)})
    return (
        select(entries.c.id)
        .where(or_(entries.c.private, entries.c.state != model.State.ACTIVE))
        .where(entries.c.state != model.State.DELETED)
        .where(or_(entries.c.owner_org.in_(departments), entries.c.region.in_(regions)))
    )


def index_for(user_id: str) -> int:
    """Queue the entries of an account's departments and regions for the index; how many they are.

    All in one statement; the drainer makes their documents anew.
    """
    scopes.forget()
    user = model.User.get(user_id)
    if user is None:
        return 0
    own = [one for one in labels.all_user_labels(user) if one.startswith(("member-", "authority-"))]
    queued = outbox.enqueue_found(_entries(own))
    model.Session.commit()
    return queued
