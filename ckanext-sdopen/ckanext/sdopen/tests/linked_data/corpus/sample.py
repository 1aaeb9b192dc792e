"""The sample province as package_show would show it, without a portal: for checks of all of it."""

from typing import Any

from ckanext.sdopen.linked_data import addresses
from ckanext.sdopen.linked_data.related import Department, Related
from ckanext.sdopen.sample.province import Province
from ckanext.sdopen.sample.records import Entry
from ckanext.sdopen.sample.tables.resources import resource_id, resources_of

_MOMENT = "2026-11-01T08:00:00.123456"


def _resource(entry: Entry, resource: dict[str, Any]) -> dict[str, Any]:
    identity = resource_id(entry)
    address = f"http://portal.example/datastore/dump/{identity}"
    return {**resource, "id": identity, "url": address, "created": _MOMENT}


def shown(entry: Entry) -> dict[str, Any]:
    """An entry of the generator with what the portal adds when it shows it."""
    return {
        **entry.payload,
        "id": entry.id,
        "name": entry.name,
        "organization": {"id": entry.department.id, "title": entry.department.title},
        "metadata_created": _MOMENT,
        "metadata_modified": _MOMENT,
        "resources": [_resource(entry, resource) for resource in resources_of(entry)],
    }


def related(province: Province) -> Related:
    """All neighbours, as a system administrator would read them."""
    services: dict[str, list[dict[str, Any]]] = {}
    for entry in province.interface_entries():
        services.setdefault(entry.payload["catalog"], []).append(shown(entry))
    departments = {
        one.id: Department(one.title, one.provider_code, one.kind, one.level)
        for one in province.departments()
    }
    return Related(
        departments,
        {entry.id: shown(entry) for entry in province.catalog_entries()},
        services,
    )


__all__ = ["addresses", "related", "shown"]
