"""What the pages ask of the search."""

from typing import Any

import ckan.plugins.toolkit as tk


def sdopen_search_step() -> dict[str, Any]:
    """The step that answered this page's query: `{"step", "label"}`, empty where none did."""
    return getattr(tk.g, "sdopen_search", {})
