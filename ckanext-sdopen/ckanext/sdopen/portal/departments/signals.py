"""What follows from a change of a department: its entries' index, the departments under it."""

from typing import Any

from ckan import model

from ckanext.sdopen.catalog import authority
from ckanext.sdopen.portal.departments import merge

RENAMED, AUTHORITY = "sdopen_renamed", "sdopen_authority_of"


def index_renamed(sender: str, **sent: Any) -> None:
    """Index the entries of a department whose name changed; they hold it."""
    context = sent.get("context") or {}
    reference = str((sent.get("data_dict") or {}).get("id") or "")
    department = model.Group.get(reference) if context.get(RENAMED) else None
    if department is not None:
        merge.index_soon(merge.entries_of(department))


def place_departments(sender: str, **sent: Any) -> None:
    """Put departments under the authority that their region has got, lost or changed."""
    context = sent.get("context") or {}
    regions = set(context.get(AUTHORITY) or ())
    ended = context.get("group") if sender == "organization_delete" else None
    if ended is not None and ended.extras.get("is_authority") == "true":
        regions.add(ended.extras.get("region", ""))
    if regions:
        authority.place_again(*regions)
        model.Session.commit()
