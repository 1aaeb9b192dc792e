"""Whether a table is loaded or written by clients, and who reads the working copy of a written one.

A written table has its rows in PostgreSQL; its versions say so in their source.
"""

from collections.abc import Mapping
from typing import Any

import ckan.plugins.toolkit as tk
import flask
from ckan import authz, model
from ckan.types import Context
from ckanext.datastore.backend import DatastoreBackend
from ckanext.datastore.backend.postgres import DatastorePostgresqlBackend

from ckanext.sdopen.tables import history
from ckanext.sdopen.tables.history import Published
from ckanext.sdopen.tables.versions import Version

# what the source of a version says that was made of a working copy
MARK: Mapping[str, Any] = {"written": True}
LIVE, PUBLISHED = "live", "published"


def is_of_copy(version: Version) -> bool:
    """Whether a version was made of the rows that clients wrote."""
    return bool(version.source.get("written"))


def loaded(table: str) -> Published | None:
    """The version that is read of a table that was loaded from a file; None of all others."""
    found = history.current(table)
    return None if found is None or is_of_copy(found.version) else found


def has_copy(table: str) -> bool:
    """Whether clients have written rows into a table."""
    backend = DatastoreBackend.get_active_backend()
    assert isinstance(backend, DatastorePostgresqlBackend)  # noqa: S101 for the types
    # ours tells of loaded tables, too
    return DatastorePostgresqlBackend.resource_exists(backend, table)


def reads_copy(context: Context, table: str) -> bool:
    """Whether who asks reads what clients write at once, and not the version that was published."""
    if tk.config["ckanext.sdopen.tables.written_tables"] == LIVE or context.get("ignore_auth"):
        return True
    return _edits(str(context.get("user") or ""), table)


def reader_reads_copy(table: str) -> bool:
    """The same of whoever the request under way is of; outside of requests nobody else reads."""
    if not flask.has_request_context():
        return True
    return reads_copy({"user": tk.current_user.name}, table)


def _edits(user: str, table: str) -> bool:
    resource = model.Resource.get(table)
    if resource is None:
        return True
    asked = {"id": resource.package_id}
    return bool(authz.is_authorized("package_update", {"user": user}, asked)["success"])


def not_published() -> tk.ObjectNotFound:
    """The error of a written table that has no version, for who does not read its working copy."""
    return tk.ObjectNotFound(tk._("The rows of this table are not published yet"))
