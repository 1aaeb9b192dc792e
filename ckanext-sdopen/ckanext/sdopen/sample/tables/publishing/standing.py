"""Which tables of the sample stand in the portal, and which are to be made."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from ckan import model
from sqlalchemy import select

from ckanext.sdopen.sample.records import Entry
from ckanext.sdopen.sample.tables.making import sizes
from ckanext.sdopen.sample.tables.making.made import GENERATOR
from ckanext.sdopen.sample.tables.resources import resource_id
from ckanext.sdopen.tables.model import tables, versions

GENERATED_BY = "generator"


@dataclass(frozen=True)
class Standing:
    """The open catalogs of the portal whose table is the sample's own, and those that lack it."""

    there: int
    missing: list[Entry]


def of(entries: Iterable[Entry], full: bool) -> Standing:
    """What stands of the tables of these entries.

    Where a department has given a table of its own, or taken the resource away, none is missing.
    """
    found = {resource_id(entry): entry for entry in entries if sizes.is_open(entry)}
    there, shown = _waiting(found), _shown(found)
    missing = [
        entry
        for identity, entry in found.items()
        if identity in there and is_to_be_made(shown.get(identity), sizes.rows_of(entry, full))
    ]
    return Standing(len(there), missing)


def is_to_be_made(shown: tuple[int, Mapping[str, Any]] | None, wanted: int) -> bool:
    """Whether a table that shows (rows, source) is to show so many rows of the sample.

    More rows stay: `--full` made them.
    """
    if shown is None:
        return True
    rows, source = shown
    is_ours = GENERATED_BY in source
    return is_ours and (source[GENERATED_BY] != GENERATOR or rows < wanted)


def _waiting(found: Mapping[str, Entry]) -> set[str]:
    resource, package = model.Resource, model.Package
    asked = (
        select(resource.id)
        .join(package, package.id == resource.package_id)
        .where(
            resource.id.in_(found),
            resource.state == model.State.ACTIVE,
            resource.url_type == "datastore",
            package.state != model.State.DELETED,
        )
    )
    return set(model.Session.scalars(asked))


def _shown(found: Mapping[str, Entry]) -> dict[str, tuple[int, Mapping[str, Any]]]:
    """{id of a resource: (rows, source)} of what its table shows, also where it is taken away."""
    is_current = (versions.c.resource_id == tables.c.resource_id) & (
        versions.c.number == tables.c.number
    )
    columns = (versions.c.resource_id, versions.c.rows, versions.c.source)
    asked = select(*columns).join(tables, is_current).where(tables.c.resource_id.in_(found))
    return {row.resource_id: (row.rows, row.source) for row in model.Session.execute(asked)}
