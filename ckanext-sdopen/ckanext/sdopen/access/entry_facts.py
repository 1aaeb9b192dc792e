"""What visibility asks of an entry, from its row or from what is shown of it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.plugins import plugin_loaded

from ckanext.sdopen.access import visibility
from ckanext.sdopen.standard.elements import KIND_OF_TYPE

_COLUMNS = ("state", "owner_org", "creator_user_id")


@dataclass(frozen=True)
class EntryFacts:
    """State, class, provider, region and maker of an entry; `catalog` is what it serves."""

    id: str
    state: str
    class_name: str
    owner_org: str
    region: str
    creator: str
    catalog: "EntryFacts | None" = None


def is_ours(package_type: str | None, opening: object = None) -> bool:
    """Whether packages of a type are entries of ours: our rules alone hold.

    A portal may run without our schemas; its packages follow CKAN's own rules. An entry of ours
    that has no class is read as one of the narrowest class, not as a package of others.

    Args:
        package_type: the type of the package.
        opening: its stored 开放类型, where it is at hand: what was saved by our schema stays ours
            in a process that has not loaded it.
    """
    if package_type not in KIND_OF_TYPE:
        return False
    if opening:
        return True
    if not plugin_loaded("scheming_datasets"):
        return False
    schema = tk.h.scheming_get_dataset_schema(package_type) or {"dataset_fields": ()}
    return any(field.get("field_name") == "opening" for field in schema["dataset_fields"])


def is_entry(package: model.Package) -> bool:
    """Whether a package is an entry of ours."""
    # a row that never was in the database has no extras yet
    return is_ours(package.type, (package.extras or {}).get("opening"))


def state_of(state: str | None, withdrawn_on: str | None) -> str:
    """Draft, published or withdrawn; a deleted entry counts as withdrawn."""
    if state == model.State.ACTIVE:
        return visibility.PUBLISHED
    if state == model.State.DELETED or withdrawn_on:
        return visibility.WITHDRAWN
    return visibility.DRAFT


def of_values(
    values: Mapping[str, Any], catalog: "model.Package | None" = None, entry_id: str = ""
) -> EntryFacts:
    """The facts of an entry of which all values stand side by side."""
    text = {
        name: str(values.get(name) or "")
        for name in ("id", "owner_org", "region", "creator_user_id")
    }
    return EntryFacts(
        text["id"] or entry_id,
        state_of(values.get("state"), values.get("withdrawn_on")),
        visibility.class_of(values.get("sharing"), values.get("opening")),
        text["owner_org"],
        text["region"],
        text["creator_user_id"],
        of_row(catalog) if catalog is not None and is_entry(catalog) else None,
    )


def of_row(entry: model.Package) -> EntryFacts:
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


def of_columns(package: Mapping[str, Any], catalog: Mapping[str, Any] | None = None) -> EntryFacts:
    """The facts of an entry from the columns of its row and of the catalog that it serves.

    Without the entry's id, on which nothing hangs: entries alike have equal facts.
    """
    values = {**(package["extras"] or {}), **{name: package[name] for name in _COLUMNS}, "id": ""}
    found = of_values(values)
    if catalog is None or not is_ours(catalog["type"], (catalog["extras"] or {}).get("opening")):
        return found
    return replace(found, catalog=of_columns(catalog))


def is_public(entry: EntryFacts) -> bool:
    """Whether everybody reads the entry, and the catalog that it serves."""
    seen_by = visibility.roles_that_see(entry.state, entry.class_name)
    above = entry.catalog is None or is_public(entry.catalog)
    return visibility.ANONYMOUS in seen_by and above
