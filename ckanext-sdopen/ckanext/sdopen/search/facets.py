"""The facets of the directory."""

from typing import Any


def facet_titles(facets: dict[str, str]) -> dict[str, str]:
    """Return the facets."""
    return facets


def label_values(results: dict[str, Any]) -> dict[str, Any]:
    """Return the results."""
    return results
