"""How facets and their values are called on pages and in API results."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model

from ckanext.sdopen import codes
from ckanext.sdopen.access.labels import GOVERNMENT, user_labels
from ckanext.sdopen.language import language
from ckanext.sdopen.search.facets import FACETS, FIELDS

_TITLES: dict[str, Callable[[], str]] = {
    "dataset_type": lambda: tk._("Kind"),
    "topics": lambda: tk._("Topic"),
    "library": lambda: tk._("Library (6+N)"),
    "organization": lambda: tk._("Department"),
    "region": lambda: tk._("Region"),
    "opening": lambda: tk._("Opening"),
    "sharing": lambda: tk._("Sharing"),
    "res_format": lambda: tk._("Format"),
    "update_cycle": lambda: tk._("Update cycle"),
}


def titles(package_type: str | None = None) -> dict[str, str]:
    """{field: title} of the facets that the caller may use, in their order.

    The list of interfaces has no facet of kinds.
    """
    government = GOVERNMENT in user_labels(tk.current_user) or _is_sysadmin()
    return {
        facet.field: _TITLES[facet.field]()
        for facet in FACETS
        if (government or not facet.government_only)
        and not (facet.field == "dataset_type" and package_type == "interface")
    }


def _is_sysadmin() -> bool:
    return bool(getattr(tk.current_user, "sysadmin", False))


def label(field: str, value: str) -> str:
    """What a facet's value is called in the page's language."""
    if field == "res_format":
        return value.upper()
    codes_of = FIELDS[field].codes
    return codes.load(codes_of).label(value, language()) if codes_of else value


def label_values(results: dict[str, Any]) -> dict[str, Any]:
    """Give the values of our facets their display names; departments have CKAN's already."""
    for field, facet in results.get("search_facets", {}).items():
        if field not in FIELDS or field == "organization":
            continue
        for item in facet["items"]:
            item["display_name"] = label(field, item["name"])
    return results


def chosen_labels(chosen: Mapping[str, Iterable[str]]) -> dict[tuple[str, str], str]:
    """{(field, value): name} of chosen values, which a result without entries does not name."""
    names = {}
    for field, values in chosen.items():
        for value in values if field in FIELDS else ():
            named = _department(value) if field == "organization" else label(field, value)
            names[field, value] = named
    return names


def _department(name: str) -> str:
    found = model.Group.get(name)
    return found.display_name if found else name
