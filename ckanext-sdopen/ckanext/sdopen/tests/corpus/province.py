"""A small province in an empty portal."""

import io
from typing import Any

from ckan.tests.helpers import call_action
from werkzeug.datastructures import FileStorage

from ckanext.sdopen.portal import home_counts
from ckanext.sdopen.sample import Province
from ckanext.sdopen.sample.loading import loading
from ckanext.sdopen.sample.records import Entry
from ckanext.sdopen.sample.tables.publishing import publish
from ckanext.sdopen.sample.tables.tables import ROWS

_UPLOADED = "示例名录.csv"


def small_tables(province: Province) -> list[Entry]:
    """The catalogs whose tables hold all records that they declare."""
    entries = province.catalog_entries()
    return [one for one in entries if ROWS.get(one.subject.name) == one.payload["record_count"]]


def upload(entry: Entry, name: str = _UPLOADED) -> dict[str, Any]:
    """Give an entry a file as a department would; its resource."""
    rows = "".join(f"{number},名称{number}\n" for number in range(100))
    file = FileStorage(io.BytesIO(f"\ufeff编号,名称\n{rows}".encode()), filename=name)
    resource: dict[str, Any] = call_action(
        "resource_create",
        dict(loading.site_context()),
        package_id=entry.id,
        name=name,
        format="CSV",
        upload=file,
    )
    return resource


def small_province() -> dict[str, Any]:
    """Load topics, departments, 40 entries and their interfaces.

    Two of the entries have their tables (`tabled`), the first one an uploaded file, too (`file`).
    """
    small = Province(catalogs=700)
    loading.load_topics(lambda count: None)
    loading.load_departments(small, lambda count: None)
    tabled = sorted(small_tables(small), key=lambda entry: entry.payload["record_count"])[:2]
    entries = {entry.id: entry for entry in tabled}
    for entry in small.catalog_entries():
        if len(entries) < 40:
            entries.setdefault(entry.id, entry)
    served = [i for i in small.interface_entries() if i.payload["catalog"] in entries]
    loading.load_entries([*entries.values(), *served], lambda count: None)
    list(publish.publish_missing(tabled, full=False))
    file = upload(tabled[0])
    loading.index(lambda count: None)
    home_counts.forget()
    return {
        "tabled": tabled,
        "file": file,
        "entries": list(entries.values()),
        "interfaces": served,
    }
