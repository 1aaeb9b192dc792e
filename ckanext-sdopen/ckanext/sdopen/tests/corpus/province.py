"""A small province in an empty portal."""

from typing import Any

from ckanext.sdopen.portal import home_counts
from ckanext.sdopen.sample import Province
from ckanext.sdopen.sample.loading import loading
from ckanext.sdopen.sample.tables.files import write_files
from ckanext.sdopen.sample.tables.previews import storage


def small_province() -> dict[str, Any]:
    """Load topics, departments, 40 entries, three with files, and their interfaces."""
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
    home_counts.forget()
    return {"tables": tables[:3], "entries": list(entries.values()), "interfaces": served}
