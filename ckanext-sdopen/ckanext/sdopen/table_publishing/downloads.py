"""Data that not everybody may have: each file and table given is in the audit log, or not given."""

import logging
from collections.abc import Iterable

import ckan.plugins.toolkit as tk
import flask
from ckan import model
from ckanext.datastore.backend import DatastoreBackend
from sqlalchemy.exc import SQLAlchemyError

from ckanext.sdopen.access import entry_facts, visibility
from ckanext.sdopen.audit import log
from ckanext.sdopen.audit.kinds import Kind
from ckanext.sdopen.audit.log import Event
from ckanext.sdopen.breaker import away_pages

_log = logging.getLogger(__name__)
# whole, a part, and the way to a linked address
_GIVEN = (200, 206, 302)
# whole tables; all else asks for some rows
_FILES = ("datastore.dump", "sdopen_tables.file", "sdopen_bundles.one", "sdopen_bundles.several")
_READ = "sdopen_tables_read"


def note(reference: str) -> None:
    """Have the answer to the request under way told as one that gives rows of a table.

    Args:
        reference: the id of its resource, or another name of the table.
    """
    # whatever reads outside of a request gives nobody anything: a command, the rest of a dump
    if flask.has_request_context():
        flask.g.setdefault(_READ, set()).add(reference)


def recorded(response: flask.Response) -> flask.Response:
    """The answer that gives data once the log tells of it; 503 without data where it cannot."""
    if response.status_code not in _GIVEN or flask.request.method == "HEAD":
        return response
    try:
        log.record_now(_events())
    except SQLAlchemyError as error:
        # the name of a class only: the message of a database holds values
        _log.error("data not recorded and not given: %s", type(error).__name__)
        model.Session.rollback()
        response.close()
        return away_pages.answer(
            tk._("The data cannot be given at the moment: the audit log does not answer.")
        )
    return response


def files_given() -> set[str]:
    """The resources of which the request under way asks a whole file or table."""
    endpoint = flask.request.endpoint or ""
    if endpoint.endswith("resource.download"):
        return {str((flask.request.view_args or {}).get("resource_id") or "")}
    return {_aliased(name) for name in flask.g.get(_READ, ())} if endpoint in _FILES else set()


def _events() -> list[Event]:
    """What is to be told of the request under way, of each resource whose data it gives once."""
    endpoint = flask.request.endpoint or ""
    if endpoint.endswith("resource.download"):
        return _told(files_given(), visibility.FILE)
    tables = {_aliased(name) for name in flask.g.get(_READ, ())}
    more = {} if endpoint in _FILES else {"by": "query"}
    return _told(tables, visibility.TABLE, **more)


def _told(resource_ids: Iterable[str], part: str, **more: str) -> list[Event]:
    """An event for each resource whose part not everybody may have."""
    found = (model.Resource.get(resource_id) for resource_id in sorted(resource_ids))
    return [
        Event(
            Kind.DOWNLOAD,
            one.id,
            "resource",
            details={"entry": one.package_id, "part": part, **more},
        )
        for one in found
        if one is not None and not is_open(one.package, part)
    ]


def _aliased(name: str) -> str:
    """The id of the resource that a table of the DataStore belongs to; a table may have aliases."""
    _, own = DatastoreBackend.get_active_backend().resource_id_from_alias(name)
    return own or name


def is_open(package: model.Package, part: str) -> bool:
    """Whether everybody may have a part of a package's data; of others' packages CKAN says so."""
    if not entry_facts.is_entry(package):
        return package.state == model.State.ACTIVE and not package.private
    facts = entry_facts.of_row(package)
    return visibility.ANONYMOUS in visibility.roles_that_see(facts.state, facts.class_name, part)
