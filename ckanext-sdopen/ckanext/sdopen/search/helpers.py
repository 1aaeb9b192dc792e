"""What the pages ask of the search."""

from typing import Any

import ckan.plugins.toolkit as tk

from ckanext.sdopen.search import facet_labels

__all__ = ["sdopen_filter_labels", "sdopen_search_step"]


def sdopen_search_step() -> dict[str, Any]:
    """The step that answered this page's query: `{"step", "label"}`, empty where none did."""
    return getattr(tk.g, "sdopen_search", {})


def sdopen_filter_labels(chosen: dict[str, list[str]]) -> dict[tuple[str, str], str]:
    """{(field, value): name} of the filters that a reader chose."""
    return facet_labels.chosen_labels(chosen)
