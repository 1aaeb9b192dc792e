"""Addresses of the history of a table and of differences."""

import ckan.plugins.toolkit as tk

from ckanext.sdopen.table_publishing.comparing.pairs import Pair


def csv(entry: str, pair: Pair) -> str:
    """The address of the rows of a difference as CSV, on the portal's own host."""
    return str(tk.h.url_for("sdopen_versions.file", qualified=True, **_named(entry, pair)))


def page(entry: str, pair: Pair) -> str:
    """The address of a difference."""
    return str(tk.h.url_for("sdopen_versions.difference", **_named(entry, pair)))


def _named(entry: str, pair: Pair) -> dict[str, str | int]:
    numbers = {"old": pair.old.number, "new": pair.new.number}
    return {"id": entry, "table": pair.new.name, **numbers}
