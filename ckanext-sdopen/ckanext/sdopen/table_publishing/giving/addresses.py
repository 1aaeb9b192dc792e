"""Addresses of tables and their files, with the question in them."""

from collections.abc import Sequence
from urllib.parse import urlencode

import ckan.plugins.toolkit as tk

from ckanext.sdopen.table_publishing.giving.found import Found

Pairs = Sequence[tuple[str, str]]


def file(found: Found, form: str, pairs: Pairs = (), fixed: bool = False) -> str:
    """The address of a file, on the portal's own host; with a hash it never changes."""
    named = {"id": found.entry.name, "table": found.name, "form": form}
    if fixed:
        named["digest"] = found.version.hash
    return _with(tk.h.url_for("sdopen_tables.file", qualified=True, **named), pairs)


def page(found: Found, pairs: Pairs = ()) -> str:
    """The address of a table's own page."""
    named = {"id": found.entry.name, "table": found.name}
    return _with(tk.h.url_for("sdopen_tables.page", **named), pairs)


def _with(address: str, pairs: Pairs) -> str:
    return f"{address}?{urlencode(pairs)}" if pairs else str(address)
