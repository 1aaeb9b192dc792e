"""What a job is asked to load, as the database says it now; and whether it still may."""

from dataclasses import dataclass
from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.types import Context

from ckanext.sdopen.ckan_seams import json_text
from ckanext.sdopen.jobs.held import Job
from ckanext.sdopen.table_publishing.loading import source
from ckanext.sdopen.table_publishing.loading.sentences import LoadRefused
from ckanext.sdopen.table_publishing.loading.source import Source


@dataclass(frozen=True)
class Asked:
    """A load: its resource and entry, what the table may be called, who asks, file and items.

    `declared_rows` is how much data the catalog says that it has, 0 where it does not.
    """

    job: str
    resource: str
    entry: str
    wish: str
    user: str
    source: Source
    items: list[dict[str, Any]]
    declared_rows: int = 0


def of(job: Job) -> Asked:
    """What a job loads; nothing of it stays in the session.

    Raises:
        LoadRefused: there is nothing to load any more, or who asked for it may not.
    """
    user = model.User.get(job.account) if job.account else None
    if user is None:
        raise LoadRefused("account")
    resource, entry = _found(job.payload["resource"])
    require_may_edit(user.name, entry)
    now = _source(resource, job.payload.get("file"))
    items = json_text.said(entry.extras.get("info_items"))
    listed = [dict(item) for item in items if isinstance(item, dict)] if items else []
    wish = str(resource.name or now.name)
    rows = _whole(entry.extras.get("record_count"))
    asked = Asked(job.id, resource.id, entry.id, wish, user.name, now, listed, rows)
    model.Session.rollback()
    return asked


def _whole(text: Any) -> int:
    """A number of rows as an entry keeps it; 0 for whatever is none."""
    said = str(text or "")
    return int(said) if said.isascii() and said.isdigit() else 0


def _source(resource: model.Resource, key: str | None) -> Source:
    """The file that is to be loaded; without a key the working copy."""
    if key is None:
        return Source("", str(resource.name or "data"), is_copy=True)
    now = source.of(resource)
    if now is None:
        raise LoadRefused("no_table")
    if now.key != key:
        raise LoadRefused("replaced")
    return now


def _found(resource_id: str) -> tuple[model.Resource, model.Package]:
    resource = model.Session.get(model.Resource, resource_id)
    if resource is None or resource.state != model.State.ACTIVE:
        raise LoadRefused("absent")
    entry = resource.package
    if entry is None or entry.state == model.State.DELETED:
        raise LoadRefused("absent")
    return resource, entry


def locked(asked: Asked) -> tuple[model.Resource, model.Package]:
    """Resource and entry of a load, which nobody changes until the transaction ends.

    Raises:
        LoadRefused: the file was replaced or removed meanwhile.
    """
    model.Session.expire_all()
    # in the order in which CKAN's saves lock them
    model.Session.get(model.Package, asked.entry, with_for_update=True)
    model.Session.get(model.Resource, asked.resource, with_for_update=True)
    resource, entry = _found(asked.resource)
    if asked.source.is_copy:
        return resource, entry
    now = source.of(resource)
    if now is None or now.key != asked.source.key:
        raise LoadRefused("replaced")
    return resource, entry


def context_of(user: str) -> Context:
    """The context in which an account's own rights count."""
    return {"user": user, "ignore_auth": False}


def require_may_edit(user: str, entry: model.Package) -> None:
    """Refuse the load of an account that may not change the entry.

    Raises:
        LoadRefused: it may not, or is not active.
    """
    try:
        tk.check_access("package_update", context_of(user), {"id": entry.id})
    except tk.NotAuthorized:
        raise LoadRefused("account") from None
