"""Text that is JSON, with what it says, so that nobody reads it again."""

import json
from typing import Any

import orjson
from ckan.lib.navl.dictization_functions import MissingNullEncoder


class Carried(str):
    """JSON text of a value that is at hand."""

    __slots__ = ("value",)
    value: Any

    @classmethod
    def of(cls, value: Any) -> "Carried":
        """The text of a value, without escapes of what is no ASCII."""
        try:
            carried = cls(orjson.dumps(value).decode())
        except TypeError:
            # what CKAN itself shows holds kinds of text, and of nothing, of its own
            value = json.loads(json.dumps(value, cls=MissingNullEncoder))
            carried = cls(orjson.dumps(value).decode())
        carried.value = value
        return carried


def said(stored: Any) -> Any:
    """What JSON text says; None where it is none."""
    if isinstance(stored, Carried):
        return stored.value
    try:
        return orjson.loads(stored)
    except (ValueError, TypeError):
        return None


def readable(stored: Any) -> Any:
    """Stored JSON without ASCII escapes: half the size, nothing else changes."""
    if isinstance(stored, Carried):
        return str(stored)
    if not isinstance(stored, str):
        return stored
    try:
        return orjson.dumps(orjson.loads(stored)).decode()
    except ValueError:
        return stored
