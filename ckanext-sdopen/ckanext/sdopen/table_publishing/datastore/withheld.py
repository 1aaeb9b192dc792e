"""Columns of written tables whose items were narrowed since they were written: nobody gets them."""

from collections.abc import Iterable, Mapping
from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model
from ckanext.datastore.backend import DatastoreBackend
from ckanext.datastore.backend.postgres import DatastorePostgresqlBackend
from ckanext.datastore.helpers import get_list

from ckanext.sdopen.table_publishing.datastore import asked
from ckanext.sdopen.tables import closed_columns
from ckanext.sdopen.tables.columns import Column, Kind


def _closed(table: str, fields: Iterable[Mapping[str, Any]]) -> set[str]:
    resource = model.Resource.get(table)
    names = closed_columns.narrower_of(resource.package_id) if resource else {}
    return set(closed_columns.closed_fields(fields, names))


def given(table: str, fields: Iterable[Mapping[str, Any]]) -> list[Any]:
    """Those of the columns of a written table that are given."""
    listed = list(fields)
    closed = _closed(table, listed)
    return [field for field in listed if field["id"] not in closed]


def _fields(table: str) -> list[Mapping[str, Any]]:
    """All columns of a written table."""
    resource = model.Resource.get(table)
    # most catalogs have no such item: then the table is not looked at
    if resource is None or not closed_columns.narrower_of(resource.package_id):
        return []
    backend = DatastoreBackend.get_active_backend()
    assert isinstance(backend, DatastorePostgresqlBackend)  # noqa: S101 for the types
    if not DatastorePostgresqlBackend.resource_exists(backend, table):
        return []
    told = DatastorePostgresqlBackend.resource_fields(backend, table, False, False)
    return list(told["fields"])


def has_any(reference: str) -> bool:
    """Whether a written table, by its id or an alias, has columns that nobody gets."""
    _, real = DatastoreBackend.get_active_backend().resource_id_from_alias(reference)
    table = real or reference
    return bool(_closed(table, _fields(table)))


def without(table: str, data: Mapping[str, Any]) -> dict[str, Any]:
    """A question to a written table that neither gives nor asks for such columns.

    Raises:
        ValidationError: it names one, or looks for words in all columns.
    """
    fields = _fields(table)
    closed = _closed(table, fields)
    question = dict(data)
    if not closed:
        return question
    known = [str(field["id"]) for field in fields if field["id"] not in closed]
    if isinstance(question.get("q"), Mapping):
        question["q"] = {name: words for name, words in question["q"].items() if name in known}
    elif question.get("q"):
        raise tk.ValidationError({"q": [_in_one_column()]})
    if question.get("full_text"):
        raise tk.ValidationError({"full_text": [_in_one_column()]})
    asked.of(question, [Column(name, Kind.TEXT) for name in known])
    question["fields"] = get_list(question.get("fields")) or [asked.ID, *known]
    return question


def _in_one_column() -> str:
    message = tk._(
        "Not all columns of this table are given, so no words are looked for in all of them; name "
        "a column, as q={example}"
    )
    return str(message).format(example='{"column": "words"}')


def not_by_statement() -> str:
    """Why a statement may not read such a table."""
    return str(tk._("Not all columns of this table are given; read it by datastore_search"))
