"""What follows from a change of a department or topic: its entries' index, other departments."""

from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model

from ckanext.sdopen.departments import governing, merge
from ckanext.sdopen.departments.batch import writing

RENAMED, AUTHORITY = "sdopen_renamed", "sdopen_authority_of"


def index_renamed(sender: str, **sent: Any) -> None:
    """Queue the entries of a department whose name changed for the index; they hold it."""
    context = sent.get("context") or {}
    reference = str((sent.get("data_dict") or {}).get("id") or "")
    department = model.Group.get(reference) if context.get(RENAMED) else None
    if department is not None:
        queued = merge.queue_entries(department)
        model.Session.commit()
        if queued:
            merge.await_index()


def index_topic(sender: str, **sent: Any) -> None:
    """Queue the packages that are members of a topic's group for the index."""
    reference = str((sent.get("data_dict") or {}).get("id") or "")
    topic = model.Group.get(reference) if reference else None
    if topic is None or topic.is_organization:
        return
    writing.queue_members([topic.id])
    model.Session.commit()


def place_departments(sender: str, **sent: Any) -> None:
    """Put departments under the authority that their region has got, lost or changed."""
    context = sent.get("context") or {}
    regions = set(context.get(AUTHORITY) or ())
    ended = context.get("group") if sender == "organization_delete" else None
    if ended is not None and ended.extras.get("is_authority") == "true":
        regions.add(ended.extras.get("region", ""))
    if regions:
        governing.place_again(*regions)
        model.Session.commit()


def subscriptions() -> dict[Any, list[dict[str, Any]]]:
    """Which actions set this off, as CKAN's ISignal wants it."""
    renamed = {"sender": "organization_update", "receiver": index_renamed}
    topic = {"sender": "group_update", "receiver": index_topic}
    placed = [
        {"sender": f"organization_{verb}", "receiver": place_departments}
        for verb in ("create", "update", "delete")
    ]
    return {tk.signals.action_succeeded: [renamed, topic, *placed]}
