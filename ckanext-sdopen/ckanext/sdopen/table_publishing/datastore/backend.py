"""The back end of CKAN's DataStore: loaded tables are read from files, written ones as before.

CKAN chooses a back end by the scheme of the database's address, and the plugin that registers last
wins; so this one stands in a plugin listed after `datastore`.
"""

from typing import Any

import ckan.plugins.toolkit as tk
from ckan.types import Context
from ckanext.datastore.backend.postgres import DatastorePostgresqlBackend
from ckanext.datastore.helpers import get_list

from ckanext.sdopen.table_publishing import reading
from ckanext.sdopen.table_publishing.datastore import answers, pages_of_rows, withheld
from ckanext.sdopen.table_publishing.written import long_names, standing
from ckanext.sdopen.tables import history
from ckanext.sdopen.tables.history import Published
from ckanext.sdopen.tables.long_columns import MOST_BYTES, is_long
from ckanext.sdopen.tables.versions import Version


def _version(table: str) -> Version | None:
    """The version of a loaded table that is read, with the columns that are given."""
    return _given(standing.loaded(table))


def _given(found: Published | None) -> Version | None:
    return reading.given(found.entry, found.version) if found else None


def _published(table: str) -> Version:
    """The version of a written table, for who does not read its working copy."""
    version = _given(history.current(table))
    if version is None:
        raise standing.not_published()
    return version


class TablesBackend(DatastorePostgresqlBackend):
    """PostgreSQL's back end, which knows of loaded tables and of versions of written ones."""

    def create(
        self, context: Context, data_dict: dict[str, Any], plugin_data: dict[int, dict[str, Any]]
    ) -> Any:
        """Make or change a written table, and write rows."""
        _refuse_long_tables(data_dict)
        long_names.made(data_dict)
        return super().create(context, data_dict, plugin_data)

    def upsert(self, context: Context, data_dict: dict[str, Any]) -> Any:
        """Write rows into a written table."""
        long_names.written(data_dict)
        return super().upsert(context, data_dict)

    def search(self, context: Context, data_dict: dict[str, Any]) -> Any:
        """A page of rows."""
        table = str(data_dict["resource_id"])
        long_names.refuse_long_order(data_dict)
        version = _version(table)
        if version is None and not standing.reads_copy(context, table):
            version = _published(table)
        if version is None:
            return super().search(context, withheld.without(table, long_names.asked(data_dict)))
        return pages_of_rows.answer(version, data_dict)

    def resource_exists(self, id: str) -> bool:
        """Whether there is a table of this resource."""
        return _version(id) is not None or super().resource_exists(id)

    def resource_id_from_alias(self, alias: str) -> tuple[bool, str | None]:
        """Whether there is a table of this name, and whose it is where the name is an alias."""
        if _version(alias) is not None:
            return True, None
        return super().resource_id_from_alias(alias)

    def resource_fields(
        self, id: str, include_meta: bool = True, include_fields_schema: bool = True
    ) -> dict[str, Any]:
        """The columns of a table with what their items say."""
        version = _version(id)
        if version is None and not standing.reader_reads_copy(id):
            version = _published(id)
        if version is None:
            told = super().resource_fields(id, include_meta, include_fields_schema)
            return {**told, "fields": withheld.given(id, told["fields"])}
        described = [answers.field(column) for column in version.columns]
        if include_fields_schema:
            for said, column in zip(described, version.columns, strict=True):
                said["schema"] = answers.schema(column)
        meta = {"meta": answers.meta(version)} if include_meta else {}
        return {"fields": described, **meta}

    def resource_plugin_data(self, id: str) -> dict[str, Any]:
        """What plugins keep with columns; nothing where the items describe them."""
        return {} if _version(id) is not None else super().resource_plugin_data(id)

    def get_all_ids(self) -> list[str]:
        """The ids of all tables."""
        return list(dict.fromkeys([*super().get_all_ids(), *history.every()]))

    def delete(self, context: Context, data_dict: dict[str, Any]) -> Any:
        """Remove rows, or take a table away as CKAN does with its resource.

        Actions refuse clients before who would change a loaded table.
        """
        table = str(data_dict["resource_id"])
        is_loaded, is_whole = _version(table) is not None, "filters" not in data_dict
        if is_whole:
            history.withdraw(table)
        # of a loaded one clients may have written rows before
        if is_loaded and not (is_whole and super().resource_exists(table)):
            return data_dict
        data_dict.update(long_names.asked(data_dict))
        return super().delete(context, data_dict)

    def calculate_record_count(self, resource_id: str) -> None:
        """Count the rows; those of a loaded table are known."""
        if _version(resource_id) is None:
            super().calculate_record_count(resource_id)

    def clear_table_stats(self, resource_id: str) -> None:
        """Forget how many rows there are; those of a loaded table stay."""
        if _version(resource_id) is None:
            super().clear_table_stats(resource_id)


def _refuse_long_tables(data: dict[str, Any]) -> None:
    """Refuse names that PostgreSQL would cut off, so that the table would not be found again."""
    names = {"resource_id": [str(data["resource_id"])], "aliases": get_list(data.get("aliases"))}
    for parameter, given in names.items():
        long = [one for one in given or [] if is_long(one)]
        if long:
            message = tk._(
                "“{name}” is too long for a table: a name takes {bytes} bytes, which are {signs} "
                "Chinese characters; give a shorter one"
            )
            said = message.format(name=long[0], bytes=MOST_BYTES, signs=MOST_BYTES // 3)
            raise tk.ValidationError({parameter: [said]})
