"""The sample's tables in the DataStore, for preview and the data API: filled by COPY."""

from pathlib import Path
from typing import Any

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan import model
from ckan.types import Context
from ckanext.datastore.backend import DatastoreBackend
from ckanext.datastore.backend.postgres import get_write_engine

from ckanext.sdopen.sample.entries.items import data_type
from ckanext.sdopen.sample.records import SampleTable
from ckanext.sdopen.sample.tables.files import file_of, resource_id

_TYPES = dict.fromkeys("NYBF", "numeric") | {"I": "int", "L": "int", "D": "date", "T": "timestamp"}


def storage() -> Path:
    """Where the portal keeps uploaded files."""
    return Path(tk.config["ckan.storage_path"])


def _fields(table: SampleTable) -> list[dict[str, Any]]:
    return [
        {"id": name, "type": _TYPES.get(data_type(name)[0], "text"), "info": {"label": name}}
        for name in table.columns
    ]


def _quoted(name: str) -> str:
    return '"{}"'.format(name.replace('"', '""'))


def _is_filled(identity: str, rows: int) -> bool:
    resource = model.Resource.get(identity)
    if not resource or not (resource.extras or {}).get("datastore_active"):
        return False
    with get_write_engine().connect() as connection:
        exists = sa.text("SELECT to_regclass(:name) IS NOT NULL")
        if not connection.execute(exists, {"name": _quoted(identity)}).scalar():
            return False
        count = sa.select(sa.func.count()).select_from(sa.table(identity))
        return bool(connection.execute(count).scalar() == rows)


def prepare() -> None:
    """Make the DataStore's own type, which processes side by side would make at the same moment.

    CKAN 2.12 looks for it and makes it without a lock (backend.postgres._cache_types).
    """
    with get_write_engine().begin() as connection:
        if connection.execute(sa.text("SELECT to_regtype('nested') IS NULL")).scalar():
            connection.execute(sa.text("CREATE TYPE nested AS (json json, extra text)"))


def fill(table: SampleTable, context: Context) -> None:
    """Make the table's preview; one that is there whole is left as it is."""
    if make(table, context):
        copy(table)


def make(table: SampleTable, context: Context) -> bool:
    """Make table and view of a preview that is not there whole; whether its rows are missing."""
    identity = resource_id(table.entry, "csv")
    if _is_filled(identity, table.rows):
        return False
    tk.get_action("datastore_create")(
        Context(**context),
        {"resource_id": identity, "fields": _fields(table), "force": True},
    )
    _view(identity, context)
    return True


def copy(table: SampleTable) -> None:
    """Fill a preview that was made: last, so that a preview that holds its rows is whole."""
    identity = resource_id(table.entry, "csv")
    _copy(table, identity)
    DatastoreBackend.get_active_backend().clear_table_stats(identity)


def _view(identity: str, context: Context) -> None:
    """Show the table by CKAN's own view; outside of a request it would name it in English."""
    if not tk.get_action("resource_view_list")(Context(**context), {"id": identity}):
        view = {"resource_id": identity, "view_type": "datatables_view", "title": "表格"}
        tk.get_action("resource_view_create")(Context(**context), view)


def _copy(table: SampleTable, identity: str) -> None:
    columns = ", ".join(map(_quoted, table.columns))
    path = file_of(table, "csv", storage())
    with get_write_engine().begin() as connection, path.open("rb") as file:
        file.read(3)  # the byte-order mark
        # rows of a load that was interrupted
        connection.execute(sa.text(f"TRUNCATE {_quoted(identity)}"))
        connection.connection.cursor().copy_expert(
            f"COPY {_quoted(identity)} ({columns}) FROM STDIN WITH (FORMAT csv, HEADER true)", file
        )
