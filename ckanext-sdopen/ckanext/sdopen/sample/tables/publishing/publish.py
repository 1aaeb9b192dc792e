"""A made table becomes the one that its resource shows: one commit each, as of a loaded one."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.types import Context

from ckanext.sdopen import moments
from ckanext.sdopen.entries import gate, gated
from ckanext.sdopen.sample.records import Entry
from ckanext.sdopen.sample.tables.generating.outline import Outline
from ckanext.sdopen.sample.tables.making import made
from ckanext.sdopen.sample.tables.publishing import maker, standing
from ckanext.sdopen.sample.tables.resources import resource_id
from ckanext.sdopen.tables import closed_columns, history, settings
from ckanext.sdopen.tables.columns import Column
from ckanext.sdopen.tables.typing import declared
from ckanext.sdopen.tables.versions import Version

ACTION = "sdopen_sample_tables"


@dataclass(frozen=True)
class Published:
    """A table that was made: its rows and bytes; whether the portal shows it."""

    rows: int
    bytes: int
    shown: bool


def publish_missing(entries: Iterable[Entry], full: bool) -> Iterator[Published]:
    """Make and publish the tables of these catalogs one by one; each stays, whatever ends the rest.

    Raises:
        MakingEnded: they cannot be made.
        NoRoom, StorageAway: the storage takes none.
    """
    context = _context()
    wanted = _with_room(entries, full)
    for entry, outline, path in maker.made(wanted, settings.limits().folder):
        size = path.stat().st_size
        try:
            is_shown = _is_wanted(context, entry, full) and _publish(entry, outline, path)
            model.Session.commit()
        finally:
            model.Session.remove()
        yield Published(outline.rows, size, is_shown)


def _with_room(entries: Iterable[Entry], full: bool) -> Iterator[tuple[Entry, Outline]]:
    """The catalogs with the outlines of their tables, none where the disk is full."""
    store = settings.store()
    for entry in entries:
        store.part()
        yield entry, made.outline_of(entry, full)


def _context() -> Context:
    site_user = tk.get_action("get_site_user")({"ignore_auth": True}, {})
    return cast(Context, {"user": site_user["name"], "ignore_auth": True})


def _is_wanted(context: Context, entry: Entry, full: bool) -> bool:
    """Whether the resource is still to show a table of ours; nobody changes it until the commit."""
    # in the order in which CKAN's saves lock them
    stored = model.Session.get(model.Package, entry.id, with_for_update=True)
    model.Session.get(model.Resource, resource_id(entry), with_for_update=True)
    if stored is None or not standing.of([entry], full).missing:
        return False
    if closed_columns.closed_of(entry.id, made.outline_of(entry, full).names):
        return False
    try:
        gated.require(context, stored, gate.TABLE, resource_id=resource_id(entry), action=ACTION)
    except tk.NotAuthorized:
        return False
    return True


def _publish(entry: Entry, outline: Outline, path: Path) -> bool:
    """Let the resource show the table; no commit."""
    store = settings.store()
    version = _version(entry, outline, path)
    store.put(path, version.hash)
    title = str(entry.payload["title"])
    history.publish(entry.id, title, version, {}, store, settings.keep_versions())
    return True


def _version(entry: Entry, outline: Outline, path: Path) -> Version:
    source: Mapping[str, Any] = {standing.GENERATED_BY: made.GENERATOR}
    return Version(
        resource_id(entry),
        path.stem,
        outline.rows,
        path.stat().st_size,
        columns_of(entry, outline.names),
        moments.instant(),
        source,
    )


def columns_of(entry: Entry, names: Iterable[str]) -> tuple[Column, ...]:
    """The columns of a table, as the items of the catalog declare them."""
    items = {item["name"]: item for item in entry.payload["info_items"]}
    return tuple(declared.column(items[name], name) for name in names)
