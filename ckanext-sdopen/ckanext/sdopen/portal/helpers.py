"""What the pages ask for: counters, topics in their order, numbers in large units."""

from collections.abc import Callable
from typing import Any

import ckan.plugins.toolkit as tk

from ckanext.sdopen import codes
from ckanext.sdopen.portal import home_counts
from ckanext.sdopen.stats import amounts

__all__ = [
    "humanize_entity_type",
    "sdopen_amount_spoken",
    "sdopen_code_label",
    "sdopen_portal_counts",
    "sdopen_portal_latest",
    "sdopen_portal_topics",
]

LATEST = 4
# the places where CKAN names all departments at once
_PLURALS = ("page title", "breadcrumb", "facet label", "content tab")


@tk.chained_helper
def humanize_entity_type(
    next_helper: Callable[..., str | None], entity_type: str, object_type: str, purpose: str
) -> str | None:
    """CKAN's words around the name of a type, whose name CKAN 2.12 leaves in English."""
    if (entity_type, object_type) == ("organization", "organization") and purpose in _PLURALS:
        return tk._("Departments")
    said = next_helper(entity_type, object_type, purpose)
    names = {"topic": ("Topic", tk._("Topic")), "interface": ("Interface", tk._("Interface"))}
    return said.replace(*names[object_type]) if said and object_type in names else said


def sdopen_portal_counts() -> home_counts.Counts:
    """The four counters of the home page."""
    return home_counts.public_counts()


def sdopen_portal_topics() -> list[dict[str, Any]]:
    """{name, title, count} of each topic in the list's order; 其他 only when it holds any."""
    by_topic = home_counts.public_counts().by_topic
    language = tk.h.lang()
    listed = [
        {
            "name": entry.value,
            "title": codes.load("topics").label(entry.value, language),
            "count": by_topic.get(entry.value, 0),
        }
        for entry in codes.load("topics")
    ]
    return [topic for topic in listed if topic["name"] != "other" or topic["count"]]


def sdopen_portal_latest() -> list[dict[str, Any]]:
    """The entries whose data was updated last, as far as the reader may see them."""
    asked = {"rows": LATEST, "sort": "updated_on desc, metadata_modified desc"}
    found: list[dict[str, Any]] = tk.get_action("package_search")({}, asked)["results"]
    return found


def sdopen_amount_spoken(number: Any) -> str:
    """A number in the large units of the page's language: 2.53 亿; empty for no number."""
    try:
        return amounts.spoken(int(number), tk.h.lang())
    except (TypeError, ValueError):
        return ""


def sdopen_code_label(list_name: str, value: str) -> str:
    """The label of a code in the page's language; the value itself where the list has none."""
    return codes.load(list_name).label(value, tk.h.lang())
