"""The table of an address, for who may have its rows."""

from contextlib import suppress
from dataclasses import dataclass

import ckan.plugins.toolkit as tk
from ckan import model

from ckanext.sdopen.access import readable, visibility
from ckanext.sdopen.table_publishing import downloads, reading
from ckanext.sdopen.tables import history
from ckanext.sdopen.tables.versions import Version


@dataclass(frozen=True)
class Found:
    """A table with one of its versions; `columns` are those that are given.

    `is_whole` says that no column of the version's file is kept back.
    """

    entry: model.Package
    resource: model.Resource
    name: str
    version: Version
    is_open: bool
    is_whole: bool

    @property
    def title(self) -> str:
        """What people call the table."""
        return str(self.resource.name or self.name)

    @property
    def moment(self) -> str:
        """When the version was made, by the portal's clock."""
        return self.version.created.astimezone(tk.h.get_display_timezone()).strftime(
            "%Y-%m-%d %H:%M"
        )


def find(entry: str, name: str, digest: str | None = None) -> Found:
    """The table that an address names, in its current version or the one of a hash.

    Raises:
        ObjectNotFound: it is absent, or the caller may not read its entry.
        NotAuthorized: he reads the entry, but not its tables.
    """
    asked = {"id": entry}
    stored = readable.require(_caller(), readable.ENTRY, asked, "id", part=visibility.TABLE)
    published = history.named(stored.id, name) if stored is not None else None
    if stored is None or published is None:
        raise readable.not_found()
    version = published.version if digest is None else _version(published.version.table, digest)
    return _of(stored, name, version)


def held(table: str, digest: str) -> Found:
    """A version of a table by its resource, whoever may have it.

    Raises:
        ObjectNotFound: there is none that can be read.
    """
    published = history.current(table)
    entry = model.Package.get(published.entry) if published else None
    if published is None or entry is None:
        raise readable.not_found()
    return _of(entry, published.name, _version(table, digest))


def every(entry: model.Package) -> list[Found]:
    """The tables of an entry whose files are there; rights are the caller's to ask."""
    tables = []
    for one in history.of_entry(entry.id):
        with suppress(tk.ObjectNotFound):
            tables.append(_of(entry, one.name, one.version))
    return tables


def _of(entry: model.Package, name: str, version: Version) -> Found:
    resource = model.Resource.get(version.table)
    if resource is None or resource.state != model.State.ACTIVE:
        raise readable.not_found()
    given = reading.given(entry.id, version)
    is_open = downloads.is_open(entry, visibility.TABLE)
    is_whole = len(given.columns) == len(version.columns)
    return Found(entry, resource, name, given, is_open, is_whole)


def _caller() -> dict[str, object]:
    return {"user": tk.current_user.name, "auth_user_obj": tk.current_user}


def _version(table: str, digest: str) -> Version:
    for one in history.history(table):
        if one.version.hash == digest and one.removed is None:
            return one.version
    raise readable.not_found()
