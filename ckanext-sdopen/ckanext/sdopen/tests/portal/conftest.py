"""A small province for the tests of pages."""

import pytest

from ckanext.sdopen.portal import counts
from ckanext.sdopen.sample import Province, loading
from ckanext.sdopen.sample.previews import storage
from ckanext.sdopen.sample.table_files import write_files


@pytest.fixture(scope="module")
def province(clean_portal):
    """A small province in the portal, with the files of its tables."""
    small = Province(catalogs=700)
    loading.load_topics(lambda count: None)
    loading.load_departments(small, lambda count: None)
    tables = list(small.tables())
    entries = {table.entry.id: table.entry for table in tables[:3]}
    for entry in small.catalog_entries():
        if len(entries) < 40:
            entries.setdefault(entry.id, entry)
    served = [i for i in small.interface_entries() if i.payload["catalog"] in entries]
    loading.load_entries([*entries.values(), *served], lambda count: None)
    for table in tables[:3]:
        write_files(table, storage())
    loading.index(lambda count: None)
    counts.forget()
    return {"tables": tables[:3], "entries": list(entries.values()), "interfaces": served}
