"""The resource of a catalog's table: it stands there from the load on, its rows come later."""

from typing import Any

from ckanext.sdopen.identifiers import ids
from ckanext.sdopen.sample.records import Entry
from ckanext.sdopen.sample.tables.making import sizes

_KEY = "sample-table"
_INVENTED = "示例数据，由程序生成，其中的单位、地址和数值均为虚构。"


def resource_id(entry: Entry) -> str:
    """The id of the resource, the same at each load: the portal derives it from its key."""
    return ids.resource_id(entry.id, _KEY)


def resources_of(entry: Entry) -> list[dict[str, Any]]:
    """The resources of an entry: the table of an open catalog, none of others."""
    if not sizes.is_open(entry):
        return []
    rows, declared = sizes.rows_of(entry, full=False), entry.payload["record_count"]
    size = f"{rows:,} 行" if rows == declared else f"登记 {declared:,} 条，示例 {rows:,} 行"
    return [
        {
            "name": entry.payload["title"],
            # what CKAN calls a resource whose rows the portal itself holds
            "url": "_datastore_only_resource",
            "url_type": "datastore",
            "format": "CSV",
            "description": f"{size}。{_INVENTED}",
            "record_count": rows,
            "source_key": _KEY,
            # its rows come soon; set afterwards it would be a change of the whole entry
            "datastore_active": True,
        }
    ]
