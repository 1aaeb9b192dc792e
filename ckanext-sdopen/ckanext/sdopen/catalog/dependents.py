"""What follows from who reads an entry: its activities, the interfaces that serve it."""

from dataclasses import dataclass

from ckan import model
from ckan.logic import index_update_package
from ckan.types import Context

from ckanext.sdopen.catalog import activities, entries, facts, labels, unlisted, visibility


@dataclass(frozen=True)
class Readers:
    """Who reads an entry: its labels, and its class, on which hangs what they get of it."""

    labels: tuple[str, ...]
    class_name: str


def readers_of(entry: model.Package) -> Readers:
    """Who reads an entry as its row stands."""
    return Readers(tuple(labels.entry_labels(entry)), facts.of_row(entry).class_name)


def interfaces_of(catalog: model.Package) -> list[model.Package]:
    """The interfaces that serve a catalog, whatever their state."""
    query = model.Session.query(model.Package).filter(
        model.Package.type == "interface",
        model.Package.extras["catalog"].astext == catalog.id,
        model.Package.state != model.State.DELETED,
    )
    return list(query)


def settle(entry: model.Package, before: Readers | None) -> None:
    """Relabel its activities, withhold it from searches at once where fewer read it now.

    An interface is seen by those only who see the catalog that it serves: where the catalog's
    readers changed, its interfaces are settled, too. Nothing is committed here.
    """
    activities.relabel(entry)
    if before is None or not labels.is_ours(entry):
        return
    now = readers_of(entry)
    narrower = visibility.narrows(before.labels, now.labels, before.class_name, now.class_name)
    changed = entry.type == "dataset" and before.labels != now.labels
    interfaces = interfaces_of(entry) if changed else []
    for interface in interfaces:
        interface.private = labels.PUBLIC not in labels.entry_labels(interface)
    model.Session.flush()
    if narrower:
        unlisted.take_out([entry.id, *(interface.id for interface in interfaces)])
    for interface in interfaces:
        entries.keep(interface.id)
        activities.relabel(interface)
        index_update_package(Context(ignore_auth=True), interface.id)


def settle_deleted(entry: model.Package) -> None:
    """The same of an entry about to be deleted: CKAN 2.12 tells of it before it sets the state."""
    before = readers_of(entry)
    entry.state = model.State.DELETED
    model.Session.flush()
    entries.keep(entry.id)
    settle(entry, before)
