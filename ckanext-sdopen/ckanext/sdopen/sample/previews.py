"""The sample's tables in the DataStore, for preview and the data API: filled by COPY."""

from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.types import Context
from ckanext.datastore.backend.postgres import get_write_engine

from ckanext.sdopen.sample.items import data_type
from ckanext.sdopen.sample.records import Table
from ckanext.sdopen.sample.table_files import file_of, resource_id

_TYPES = dict.fromkeys("NYBF", "numeric") | {"I": "int", "L": "int", "D": "date", "T": "timestamp"}


def _fields(table: Table) -> list[dict[str, Any]]:
    return [
        {"id": name, "type": _TYPES.get(data_type(name)[0], "text"), "info": {"label": name}}
        for name in table.columns
    ]


def _is_filled(identity: str) -> bool:
    resource = model.Resource.get(identity)
    return bool(resource and (resource.extras or {}).get("datastore_active"))


def fill(table: Table, context: Context) -> None:
    """Make the table's preview; one that is there already is left as it is."""
    identity = resource_id(table.entry, "csv")
    if _is_filled(identity):
        return
    tk.get_action("datastore_create")(
        Context(**context),
        {"resource_id": identity, "fields": _fields(table), "force": True},
    )
    columns = ", ".join('"{}"'.format(name.replace('"', '""')) for name in table.columns)
    with get_write_engine().begin() as connection, file_of(table, "csv").open("rb") as file:
        file.read(3)  # the byte-order mark
        connection.connection.cursor().copy_expert(
            f'COPY "{identity}" ({columns}) FROM STDIN WITH (FORMAT csv, HEADER true)', file
        )
    resource = tk.get_action("resource_show")(Context(**context), {"id": identity})
    package = tk.get_action("package_show")(Context(**context), {"id": table.entry.id})
    tk.get_action("resource_create_default_resource_views")(
        Context(**context),
        {"resource": resource, "package": package, "create_datastore_views": True},
    )
