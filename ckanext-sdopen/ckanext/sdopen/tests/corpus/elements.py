"""A word of its own in every element of an entry that is free text, as the schemas name them."""

from collections.abc import Callable, Mapping
from typing import Any

import ckan.plugins.toolkit as tk

from ckanext.sdopen.access import visibility

_FREE = ("sdopen_text", "sdopen_paragraph", "sdopen_words")
# texts by which an entry is known, not free ones
_KNOWN_BY = ("resource_code", "service_code")
_PARTS = {"info_items": visibility.ITEMS}


def _word(field: Mapping[str, Any], say: Callable[[str, str], str], part: str, of: str = "") -> str:
    name = f"{of}{field['field_name']}".replace("_", "")
    return say(f"el{name}", part)


def _is_free(field: Mapping[str, Any]) -> bool:
    ours = field.get("preset") in _FREE and field["field_name"] not in _KNOWN_BY
    return ours and not field.get("codes") and not field.get("kind")


def _fits(field: Mapping[str, Any], payload: Mapping[str, Any]) -> bool:
    """Whether an element is asked of an entry like this one."""
    needed = field.get("shown_when") or {}
    return all(payload.get(name) in values for name, values in needed.items())


def filled(payload: dict[str, Any], say: Callable[[str, str], str]) -> dict[str, Any]:
    """A payload with a word in each element of free text, also in each column of its tables.

    Args:
        payload: it keeps what it says of elements that are no free text.
        say: makes a word from a stem and the part of the visibility table that it belongs to.
    """
    told = dict(payload)
    for field in tk.h.scheming_get_dataset_schema(payload["type"])["dataset_fields"]:
        name = field["field_name"]
        part = _PARTS.get(name, visibility.ENTRY)
        columns = [one for one in field.get("repeating_subfields", ()) if _is_free(one)]
        if columns and payload.get(name):
            first, *others = payload[name]
            words = {one["field_name"]: _word(one, say, part, name) for one in columns}
            told[name] = [{**first, **words}, *others]
        elif field.get("kind") == "email":
            told[name] = f"{_word(field, say, part)}@example.com"
        elif _is_free(field) and _fits(field, payload) and name != "response_example":
            word = _word(field, say, part)
            told[name] = [word] if field["preset"] == "sdopen_words" else word
    return told
