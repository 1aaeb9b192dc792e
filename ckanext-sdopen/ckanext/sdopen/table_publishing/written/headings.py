"""The columns of a working copy: what they are called in a version, their types, their keys."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ckanext.datastore.backend import DatastoreBackend
from ckanext.datastore.backend.postgres import DatastorePostgresqlBackend
from sqlalchemy import text

from ckanext.sdopen.chinese.folding import folded
from ckanext.sdopen.table_publishing.written import standing
from ckanext.sdopen.tables.long_columns import column_of

# the columns of the unique index that CKAN makes of `primary_key`
_KEYS = text(
    "SELECT a.attname FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid "
    "JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = ANY (i.indkey) "
    "WHERE c.relname = :table AND c.relkind = 'r' AND i.indisunique AND NOT i.indisprimary"
)


@dataclass(frozen=True)
class Field:
    """A column of a working copy by its name in PostgreSQL, and its heading in the version."""

    id: str
    heading: str
    type: str
    is_key: bool = False
    notes: str = ""


def of(table: str, items: Sequence[Mapping[str, Any]]) -> list[Field]:
    """The columns of a table's working copy; none where there is none."""
    if not standing.has_copy(table):
        return []
    backend = DatastoreBackend.get_active_backend()
    assert isinstance(backend, DatastorePostgresqlBackend)  # noqa: S101 for the types
    told = DatastorePostgresqlBackend.resource_fields(backend, table, False, False)
    with backend._get_read_engine().connect() as connection:
        keys = set(connection.scalars(_KEYS, {"table": table}))
    names = {folded(str(item.get(key) or "")) for item in items for key in ("name", "english_name")}
    fields: list[Field] = []
    for one in told["fields"]:
        info = one.get("info") or {}
        heading = _heading(one["id"], str(info.get("label") or ""), names)
        is_taken = heading in {field.heading for field in fields}
        said = one["id"] if is_taken else heading
        notes = str(info.get("notes") or "")
        fields.append(Field(one["id"], said, one["type"], one["id"] in keys, notes))
    return fields


def _heading(identity: str, label: str, names: set[str]) -> str:
    """A label stands for its column where the column is short for it, or only it is an item."""
    if label and column_of(label) == identity:
        return label
    is_item = folded(label) in names and folded(identity) not in names
    return label if label and is_item else identity
