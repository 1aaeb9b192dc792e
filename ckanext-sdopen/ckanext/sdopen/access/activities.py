"""Activities of entries: readable by whoever reads the entry now, and told by its present title."""

from collections.abc import Iterable, Mapping
from typing import Any

from ckan import model
from ckan.types import Context

from ckanext.sdopen.access import caller, entry_facts, labels, visibility
from ckanext.sdopen.ckan_seams import activity_rows


def relabel(entry: model.Package) -> None:
    """Give all activities of an entry its present labels; one statement, no commit."""
    if entry_facts.is_entry(entry):
        activity_rows.relabel(entry.id, labels.entry_labels(entry))


def readable_activities(
    context: Context, activities: Iterable[dict[str, Any]]
) -> list[dict[str, Any]]:
    """The activities as the caller reads them: of an entry its id, name and present title only.

    What stood in an entry at the time, a draft's title or an address of a file, is for those who
    may change the entry; CKAN 2.12 hands it to every reader of the list.
    """
    listed = list(activities)
    if caller.is_trusted(context):
        return listed
    of_entries = {one["object_id"] for one in listed if _entry_data(one)}
    query = model.Session.query(model.Package).filter(model.Package.id.in_(of_entries))
    entries = {entry.id: entry for entry in (query if of_entries else ())}
    return [one for one in (_readable_activity(context, one, entries) for one in listed) if one]


def _entry_data(activity: Mapping[str, Any]) -> bool:
    data = activity.get("data")
    return isinstance(data, Mapping) and ("package" in data or "package_id" in data)


def _readable_activity(
    context: Context, activity: dict[str, Any], entries: Mapping[str, model.Package]
) -> dict[str, Any] | None:
    if not _entry_data(activity):
        return activity
    entry = entries.get(activity["object_id"])
    if entry is None or not caller.sees(context, entry):
        return None
    if "package" not in activity["data"]:
        # of a view of a file, which stands in the activity
        return activity if caller.sees(context, entry, visibility.FILE) else None
    data = {"package": {name: getattr(entry, name) for name in ("id", "name", "title", "type")}}
    return {**activity, "data": {**data, "actor": activity["data"].get("actor")}}
