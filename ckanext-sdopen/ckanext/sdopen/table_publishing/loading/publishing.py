"""The one transaction by which a version that stands in the store becomes the table's."""

from collections.abc import Iterable, Mapping
from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model

from ckanext.sdopen import moments
from ckanext.sdopen.audit import log
from ckanext.sdopen.audit.kinds import Kind
from ckanext.sdopen.audit.log import Event
from ckanext.sdopen.directory import narrow_table, outbox
from ckanext.sdopen.entries import gate, gated
from ckanext.sdopen.table_publishing.loading import asked as asking
from ckanext.sdopen.table_publishing.loading.asked import Asked
from ckanext.sdopen.table_publishing.loading.sentences import LoadRefused
from ckanext.sdopen.table_publishing.made import ordering
from ckanext.sdopen.table_publishing.written import standing
from ckanext.sdopen.tables import closed_columns, history, settings
from ckanext.sdopen.tables.store.store import Store
from ckanext.sdopen.tables.typing.matching import Matched
from ckanext.sdopen.tables.versions import Version

# by whether it is the working copy that is published
ACTIONS = {False: "sdopen_table_load", True: "sdopen_table_publish"}


def refuse_closed(entry_id: str, matched: Matched) -> None:
    """Refuse columns of items that are narrower than the entry, under whatever heading.

    Raises:
        LoadRefused: there are some; they are named.
    """
    names: Iterable[str] = (
        *matched.columns,
        *(column.name for column in matched.columns.values()),
        *matched.items.values(),
    )
    found = closed_columns.closed_of(entry_id, names)
    if found:
        raise LoadRefused("closed_columns", columns="、".join(found))


def require_gate(asked: Asked) -> None:
    """Ask the gate about the table.

    Raises:
        LoadRefused: it is not let through; the version before stays.
    """
    entry = model.Package.get(asked.entry)
    if entry is None:
        raise LoadRefused("absent")
    asking.require_may_edit(asked.user, entry)
    try:
        gated.require(
            asking.context_of(asked.user),
            entry,
            gate.TABLE,
            resource_id=asked.resource,
            action=ACTIONS[asked.source.is_copy],
        )
    except tk.NotAuthorized as error:
        raise LoadRefused("gate", reason=str(error).rstrip("。.")) from None


def publish(
    asked: Asked, matched: Matched, version: Version, findings: Mapping[str, Any], store: Store
) -> int:
    """Publish a version of the store; its number. All or nothing, by one commit.

    Raises:
        LoadRefused: the file was replaced meanwhile, or a column was closed.
    """
    require_gate(asked)
    resource, entry = asking.locked(asked)
    refuse_closed(entry.id, matched)
    before = history.current(asked.resource)
    if asked.source.is_copy and standing.loaded(asked.resource) is not None:
        raise LoadRefused("loaded")
    keep = settings.keep_versions()
    number = history.publish(asked.entry, asked.wish, version, findings, store, keep)
    is_marked = (resource.extras or {}).get("datastore_active") is True
    if not is_marked or before is None or before.number != number:
        _change(resource, entry)
        told = {"table": asked.resource, "version": version.hash, "rows": version.rows}
        log.record([Event(Kind.ENTRY_UPDATE, entry.id, details=told)], asked.user)
        ordering.queue_published(asked.resource)
    model.Session.commit()
    return number


def _change(resource: model.Resource, entry: model.Package) -> None:
    """Say that the resource has a table, and have the entry's document made anew; no commit."""
    resource.extras = {**(resource.extras or {}), "datastore_active": True}
    entry.metadata_modified = moments.now_of_change()
    model.Session.flush()
    narrow_table.write_row(entry.id)
    outbox.enqueue([entry.id])
