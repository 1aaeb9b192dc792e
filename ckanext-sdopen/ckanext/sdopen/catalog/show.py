"""What an entry shows besides what is stored."""

from typing import Any


def complete_entry(entry: dict[str, Any]) -> None:
    """Add derived values to a shown entry."""
