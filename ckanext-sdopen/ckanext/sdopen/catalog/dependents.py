"""What follows from who reads an entry: its activities, the interfaces that serve it."""

from collections.abc import Sequence

from ckan import model
from ckan.logic import index_update_package
from ckan.types import Context

from ckanext.sdopen.catalog import activities, entries, labels


def interfaces_of(catalog: model.Package) -> list[model.Package]:
    """The interfaces that serve a catalog, whatever their state."""
    query = model.Session.query(model.Package).filter(
        model.Package.type == "interface",
        model.Package.extras["catalog"].astext == catalog.id,
        model.Package.state != model.State.DELETED,
    )
    return list(query)


def settle(entry: model.Package, before: Sequence[str] | None) -> None:
    """Relabel its activities; where its labels changed, settle the interfaces that serve it.

    An interface is seen by those only who see its catalog. Nothing is committed here.
    """
    activities.relabel(entry)
    if entry.type != "dataset" or list(before or ()) == labels.entry_labels(entry):
        return
    for interface in interfaces_of(entry):
        interface.private = labels.PUBLIC not in labels.entry_labels(interface)
        model.Session.flush()
        activities.relabel(interface)
        index_update_package(Context(ignore_auth=True), interface.id)


def settle_deleted(entry: model.Package) -> None:
    """The same of an entry about to be deleted: CKAN 2.12 tells of it before it sets the state."""
    before = labels.entry_labels(entry)
    entry.state = model.State.DELETED
    model.Session.flush()
    entries.keep(entry.id)
    settle(entry, before)
