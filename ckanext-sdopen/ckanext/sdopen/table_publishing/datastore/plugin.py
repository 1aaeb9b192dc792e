"""The plugin `sdopen_tables`, listed after `datastore`: its back end, loads of uploads."""

from typing import Any

import ckan.plugins as p
from ckan.common import CKANConfig
from ckan.types import Context
from ckanext.datastore.interfaces import IDatastoreBackend

from ckanext.sdopen.entries.files import sweeping
from ckanext.sdopen.table_publishing.datastore.backend import TablesBackend
from ckanext.sdopen.table_publishing.loading import erasing, queueing


class SdopenTablesPlugin(p.SingletonPlugin):
    """Registers the back end for the schemes of PostgreSQL; the last one registered wins."""

    p.implements(IDatastoreBackend)
    p.implements(p.IConfigurable)
    p.implements(p.IPackageController, inherit=True)

    def register_backends(self) -> dict[str, type[TablesBackend]]:
        """{scheme of the database's address: back end}."""
        return {"postgresql": TablesBackend, "postgres": TablesBackend}

    def configure(self, config: CKANConfig) -> None:
        """Have what was made of a file go with it where it is erased."""
        if erasing.erase not in sweeping.made_of_files:
            sweeping.made_of_files.append(erasing.erase)

    def after_dataset_update(self, context: Context, pkg_dict: dict[str, Any]) -> None:
        """Before the commit: tables that came with it are loaded by themselves."""
        queueing.queue_given(context.get("user"), pkg_dict["id"])
