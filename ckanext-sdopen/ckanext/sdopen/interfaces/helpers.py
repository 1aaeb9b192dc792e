"""What the pages of interfaces and of the catalogs they serve ask for."""

from collections.abc import Mapping
from typing import Any

import ckan.plugins.toolkit as tk

from ckanext.sdopen import config
from ckanext.sdopen.entries.validation import served_catalog
from ckanext.sdopen.language import language
from ckanext.sdopen.standard.check import check
from ckanext.sdopen.standard.findings import sentence

__all__ = ["sdopen_catalog_interfaces", "sdopen_interface_findings"]

_MOST = 50


def sdopen_catalog_interfaces(catalog_id: str, but: str = "") -> list[dict[str, Any]]:
    """The interfaces that serve a catalog and that this reader may read, by title: one search."""
    if not catalog_id:
        return []
    # closed ones too: the labels of the reader decide
    query = {
        "fq_list": ["+dataset_type:interface", f'+catalog:"{catalog_id}"'],
        "include_private": True,
        "sort": "title_sort asc",
        "rows": _MOST,
        "facet": False,
    }
    found = tk.get_action("package_search")({}, query)["results"]
    return [entry for entry in found if entry["id"] != but]


def sdopen_interface_findings(interface: Mapping[str, Any]) -> list[str]:
    """What the check of an interface would warn of, in sentences; for those who may edit it."""
    if not tk.h.check_access("package_update", {"id": interface["id"]}):
        return []
    from_source = bool(interface.get("source_id") and interface.get("source_key"))
    items = served_catalog.readable_items({"user": tk.current_user.name}, interface)
    found = check(interface, config.profile(from_source), "interface", served_items=items)
    return [sentence(finding, language(), "interface") for finding in found]
