"""Activities of entries: readable by whoever reads the entry now, and told by its present title."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from ckan import model
from ckan.plugins import plugin_loaded
from ckan.types import Context

from ckanext.sdopen.catalog import labels, readers, visibility

# the labels of CKAN's activity plugin; it alone makes the table
_ACTIVITY = sa.table(
    "activity",
    sa.column("object_id", sa.Text),
    sa.column("permission_labels", sa.ARRAY(sa.Text)),
)


def found(reference: str) -> Any:
    """An activity by its id; None where there is none."""
    if not plugin_loaded("activity") or not reference or "\x00" in reference:
        return None
    # its table is there with its plugin only
    from ckanext.activity.model import Activity

    return model.Session.get(Activity, reference)


def _relabel(entry_id: str, own: Sequence[str]) -> None:
    if not plugin_loaded("activity"):
        return
    column = _ACTIVITY.c.permission_labels
    model.Session.execute(
        sa.update(_ACTIVITY)
        .where(_ACTIVITY.c.object_id == entry_id, column.is_distinct_from(list(own)))
        .values(permission_labels=list(own))
    )


def relabel(entry: model.Package) -> None:
    """Give all activities of an entry its present labels; one statement, no commit."""
    if labels.is_ours(entry):
        _relabel(entry.id, labels.entry_labels(entry))


def told(context: Context, activities: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """The activities as the caller reads them: of an entry its id, name and present title only.

    What stood in an entry at the time, a draft's title or an address of a file, is for those who
    may change the entry; CKAN 2.12 hands it to every reader of the list.
    """
    listed = list(activities)
    if readers.is_trusted(context):
        return listed
    of_entries = {one["object_id"] for one in listed if _entry_data(one)}
    query = model.Session.query(model.Package).filter(model.Package.id.in_(of_entries))
    entries = {entry.id: entry for entry in (query if of_entries else ())}
    return [one for one in (_told(context, one, entries) for one in listed) if one]


def _entry_data(activity: Mapping[str, Any]) -> bool:
    data = activity.get("data")
    return isinstance(data, Mapping) and ("package" in data or "package_id" in data)


def _told(
    context: Context, activity: dict[str, Any], entries: Mapping[str, model.Package]
) -> dict[str, Any] | None:
    if not _entry_data(activity):
        return activity
    entry = entries.get(activity["object_id"])
    if entry is None or not readers.sees(context, entry):
        return None
    if "package" not in activity["data"]:
        # of a view of a file, which stands in the activity
        return activity if readers.sees(context, entry, visibility.FILE) else None
    data = {"package": {name: getattr(entry, name) for name in ("id", "name", "title", "type")}}
    return {**activity, "data": {**data, "actor": activity["data"].get("actor")}}
