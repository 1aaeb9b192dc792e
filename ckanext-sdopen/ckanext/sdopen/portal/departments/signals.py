"""What follows from a department's new name: its entries are found and shown by it."""

from typing import Any

from ckan import model

from ckanext.sdopen.portal.departments import merge

RENAMED = "sdopen_renamed"


def index_renamed(sender: str, **sent: Any) -> None:
    """Index the entries of a department whose name changed; they hold it."""
    context = sent.get("context") or {}
    reference = str((sent.get("data_dict") or {}).get("id") or "")
    department = model.Group.get(reference) if context.get(RENAMED) else None
    if department is not None:
        merge.index(merge.entries_of(department))
