"""What follows from who reads an entry: its activities, the interfaces that serve it."""

from dataclasses import dataclass

from ckan import model
from sqlalchemy import select

from ckanext.sdopen.access import activities, entry_facts, labels, visibility
from ckanext.sdopen.directory import narrow_table, outbox
from ckanext.sdopen.directory.model import entries as narrow
from ckanext.sdopen.index import removal


@dataclass(frozen=True)
class Readers:
    """Who reads an entry: its labels, and its class, on which hangs what they get of it."""

    labels: tuple[str, ...]
    class_name: str


def readers_of(entry: model.Package) -> Readers:
    """Who reads an entry as its row stands."""
    return Readers(tuple(labels.entry_labels(entry)), entry_facts.of_row(entry).class_name)


def interfaces_of(catalog: model.Package) -> list[model.Package]:
    """The interfaces that serve a catalog, whatever their state."""
    serving = select(narrow.c.id).where(narrow.c.serves == catalog.id)
    query = model.Session.query(model.Package).filter(
        model.Package.id.in_(serving), model.Package.state != model.State.DELETED
    )
    return list(query)


def follow_change(entry: model.Package, before: Readers | None) -> None:
    """Relabel its activities, withhold it from searches at once where fewer read it now.

    An interface is seen by those only who see the catalog that it serves: where the catalog's
    readers changed, its interfaces follow, and are queued for the index. Nothing is
    committed here.
    """
    activities.relabel(entry)
    if before is None or not entry_facts.is_entry(entry):
        return
    now = readers_of(entry)
    narrower = visibility.narrows(before.labels, now.labels, before.class_name, now.class_name)
    changed = entry.type == "dataset" and before.labels != now.labels
    interfaces = interfaces_of(entry) if changed else []
    for interface in interfaces:
        interface.private = labels.PUBLIC not in labels.entry_labels(interface)
    model.Session.flush()
    if narrower:
        removal.take_out([entry.id, *(interface.id for interface in interfaces)])
    for interface in interfaces:
        narrow_table.write_row(interface.id)
        activities.relabel(interface)
    outbox.enqueue(interface.id for interface in interfaces)


def follow_deletion(entry: model.Package) -> None:
    """The same of an entry about to be deleted: CKAN 2.12 tells of it before it sets the state."""
    before = readers_of(entry)
    entry.state = model.State.DELETED
    model.Session.flush()
    narrow_table.write_row(entry.id)
    follow_change(entry, before)
