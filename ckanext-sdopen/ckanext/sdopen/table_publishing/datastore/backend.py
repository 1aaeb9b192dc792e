"""The back end of CKAN's DataStore: loaded tables are read from files, written ones as before.

CKAN chooses a back end by the scheme of the database's address, and the plugin that registers last
wins; so this one stands in a plugin listed after `datastore`.
"""

from typing import Any

from ckan.types import Context
from ckanext.datastore.backend.postgres import DatastorePostgresqlBackend

from ckanext.sdopen.table_publishing import reading
from ckanext.sdopen.table_publishing.datastore import answers, pages_of_rows
from ckanext.sdopen.tables import history
from ckanext.sdopen.tables.versions import Version


def _current(table: str) -> Version | None:
    found = history.current(table)
    return found.version if found else None


def _given(table: str) -> Version | None:
    """The same with the columns that are given."""
    found = history.current(table)
    return reading.given(found.entry, found.version) if found else None


class TablesBackend(DatastorePostgresqlBackend):
    """PostgreSQL's back end, which knows of the tables that were loaded."""

    def search(self, context: Context, data_dict: dict[str, Any]) -> Any:
        """A page of rows."""
        version = _given(str(data_dict["resource_id"]))
        if version is None:
            return super().search(context, data_dict)
        return pages_of_rows.answer(version, data_dict)

    def resource_exists(self, id: str) -> bool:
        """Whether there is a table of this resource."""
        return _current(id) is not None or super().resource_exists(id)

    def resource_id_from_alias(self, alias: str) -> tuple[bool, str | None]:
        """Whether there is a table of this name, and whose it is where the name is an alias."""
        if _current(alias) is not None:
            return True, None
        return super().resource_id_from_alias(alias)

    def resource_fields(
        self, id: str, include_meta: bool = True, include_fields_schema: bool = True
    ) -> dict[str, Any]:
        """The columns of a table with what their items say."""
        version = _given(id)
        if version is None:
            return super().resource_fields(id, include_meta, include_fields_schema)
        described = [answers.field(column) for column in version.columns]
        if include_fields_schema:
            for said, column in zip(described, version.columns, strict=True):
                said["schema"] = answers.schema(column)
        meta = {"meta": answers.meta(version)} if include_meta else {}
        return {"fields": described, **meta}

    def resource_plugin_data(self, id: str) -> dict[str, Any]:
        """What plugins keep with columns; nothing where the items describe them."""
        return {} if _current(id) is not None else super().resource_plugin_data(id)

    def get_all_ids(self) -> list[str]:
        """The ids of all tables."""
        return [*super().get_all_ids(), *history.every()]

    def delete(self, context: Context, data_dict: dict[str, Any]) -> Any:
        """Take a table away, as CKAN does with its resource; actions refuse clients before."""
        table = str(data_dict["resource_id"])
        if _current(table) is None:
            return super().delete(context, data_dict)
        history.withdraw(table)
        return data_dict

    def calculate_record_count(self, resource_id: str) -> None:
        """Count the rows; those of a loaded table are known."""
        if _current(resource_id) is None:
            super().calculate_record_count(resource_id)

    def clear_table_stats(self, resource_id: str) -> None:
        """Forget how many rows there are; those of a loaded table stay."""
        if _current(resource_id) is None:
            super().clear_table_stats(resource_id)
