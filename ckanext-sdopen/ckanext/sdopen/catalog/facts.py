"""What visibility asks of an entry, from its row or from what is shown of it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from ckan import model

from ckanext.sdopen.catalog import visibility

_COLUMNS = ("state", "owner_org", "creator_user_id")


@dataclass(frozen=True)
class Facts:
    """State, class, provider, region and maker of an entry; `catalog` is what it serves."""

    id: str
    state: str
    class_name: str
    owner_org: str
    region: str
    creator: str
    catalog: "Facts | None" = None


def state_of(state: str | None, withdrawn_on: str | None) -> str:
    """Draft, published or withdrawn; a deleted entry counts as withdrawn."""
    if state == model.State.ACTIVE:
        return visibility.PUBLISHED
    if state == model.State.DELETED or withdrawn_on:
        return visibility.WITHDRAWN
    return visibility.DRAFT


def of_values(
    values: Mapping[str, Any], catalog: "model.Package | None" = None, entry_id: str = ""
) -> Facts:
    """The facts of an entry of which all values stand side by side."""
    text = {
        name: str(values.get(name) or "")
        for name in ("id", "owner_org", "region", "creator_user_id")
    }
    return Facts(
        text["id"] or entry_id,
        state_of(values.get("state"), values.get("withdrawn_on")),
        visibility.class_of(values.get("sharing"), values.get("opening")),
        text["owner_org"],
        text["region"],
        text["creator_user_id"],
        of_row(catalog) if catalog is not None and catalog.extras.get("opening") else None,
    )


def of_row(entry: model.Package) -> Facts:
    """The facts of a stored entry; of an interface, one look at the catalog that it serves."""
    served = entry.extras.get("catalog") if entry.type == "interface" else None
    row = {
        "id": entry.id,
        "state": entry.state,
        "owner_org": entry.owner_org,
        "creator_user_id": entry.creator_user_id,
    }
    catalog = model.Session.get(model.Package, served) if served else None
    return of_values({**entry.extras, **row}, catalog)


def of_columns(package: Mapping[str, Any], catalog: Mapping[str, Any] | None = None) -> Facts:
    """The facts of an entry from the columns of its row and of the catalog that it serves.

    Without the entry's id, on which nothing hangs: entries alike have equal facts.
    """
    values = {**(package["extras"] or {}), **{name: package[name] for name in _COLUMNS}, "id": ""}
    found = of_values(values)
    if catalog is None or not (catalog["extras"] or {}).get("opening"):
        return found
    return replace(found, catalog=of_columns(catalog))


def is_public(entry: Facts) -> bool:
    """Whether everybody reads the entry, and the catalog that it serves."""
    seen_by = visibility.roles_that_see(entry.state, entry.class_name)
    above = entry.catalog is None or is_public(entry.catalog)
    return visibility.ANONYMOUS in seen_by and above


def public_when_published(values: Mapping[str, Any]) -> bool:
    """Whether everybody will read an entry of these values; its catalog is given in any form."""
    reference = str(values.get("catalog") or "").rstrip("/").rsplit("/", 1)[-1]
    catalog = model.Package.get(reference) if reference else None
    return is_public(of_values({**values, "state": model.State.ACTIVE}, catalog))
