"""Query analysis."""

from typing import Any


def analysed(params: dict[str, Any]) -> dict[str, Any]:
    """Return the search parameters."""
    return params
