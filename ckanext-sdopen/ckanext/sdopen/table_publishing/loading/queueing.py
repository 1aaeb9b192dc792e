"""Loads that are asked for: by an account, or by the upload of a table itself."""

from collections.abc import Iterable

from ckan import model
from sqlalchemy import Row

from ckanext.sdopen.access import entry_facts
from ckanext.sdopen.entries.files import stored
from ckanext.sdopen.jobs import queues
from ckanext.sdopen.standard import file_types
from ckanext.sdopen.table_publishing.loading import settings, source
from ckanext.sdopen.table_publishing.loading.load_job import TABLE_LOAD
from ckanext.sdopen.table_publishing.loading.source import Source

# endings of files that may be tables
TABULAR = frozenset(
    ("csv", "tsv", "xlsx", "xls", "et", "ods", "json", "jsonl", "ndjson", "xml", "zip")
)


def _subject(resource_id: str, file: Source) -> str:
    """What the load of a file is known by: a new file of the resource waits for no old one."""
    return f"{resource_id} {file.key}"


def queue(resource: model.Resource, file: Source, account: str) -> str:
    """Queue the load of a resource's file; the id of its job, of the one that waits if there is
    one. No commit.
    """
    payload = {"resource": resource.id, "file": file.key}
    subject = _subject(resource.id, file)
    try:
        return queues.enqueue(TABLE_LOAD, payload, subject=subject, account=account)
    except queues.AlreadyQueued:
        found = latest(resource)
        return str(found.id) if found else ""


def latest(resource: model.Resource) -> Row | None:
    """The last job for the file that a resource has now; None where there was none."""
    file = source.of(resource)
    if file is None:
        return None
    subject = _subject(resource.id, file)
    return queues.latest(TABLE_LOAD, [subject]).get(subject)


def queue_given(user: str | None, entry_id: str) -> None:
    """Queue the loads of the tables that the save under way has brought, with its commit."""
    if not settings.load_uploads():
        return
    account = model.User.get(user) if user else None
    entry = model.Session.get(model.Package, entry_id)
    if account is None or entry is None or not _is_catalog(entry):
        return
    for resource in _tabular(stored.given_now()):
        file = source.of(resource)
        if file is not None:
            queue(resource, file, account.id)


def _is_catalog(entry: model.Package) -> bool:
    return entry.type == "dataset" and entry_facts.is_entry(entry)


def _tabular(ids: Iterable[str]) -> list[model.Resource]:
    found = (model.Session.get(model.Resource, one) for one in ids)
    listed = [one for one in found if one is not None]
    return [
        one
        for one in listed
        if (file := source.of(one)) and file_types.ending(file.name) in TABULAR
    ]
