"""Whose a resource is or was: nobody else comes to what stands under its id."""

from collections.abc import Iterable

from ckan import model
from sqlalchemy import select, union_all

from ckanext.sdopen.entries.files.model import files, removed_resources


def owners_of(ids: Iterable[str]) -> dict[str, str]:
    """{id: id of the entry that has the resource, or had it}, removed ones too; one statement."""
    wanted = sorted(set(ids))
    if not wanted:
        return {}
    resource, removed = model.resource_table.c, removed_resources.c
    found = union_all(
        select(removed.id, removed.entry_id).where(removed.id.in_(wanted)),
        # what is, counts before what was
        select(resource.id, resource.package_id).where(resource.id.in_(wanted)),
    )
    return {row.id: row.entry_id for row in model.Session.execute(found)}


def entry_of_file(resource_id: str) -> str:
    """The id of the entry that has or had a resource; empty where there was none."""
    kept = select(files.c.entry_id).where(files.c.resource_id == resource_id).limit(1)
    return owners_of([resource_id]).get(resource_id) or str(model.Session.scalar(kept) or "")
