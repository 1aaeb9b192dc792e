"""The fields of a record type, as its YAML declares them, and their labels."""

from collections.abc import Mapping
from typing import Any

import ckan.plugins.toolkit as tk
from flask import has_request_context

SchemaField = Mapping[str, Any]

DEFAULT_LANGUAGE = "zh_Hans_CN"


def language() -> str:
    """The language of the request, else the portal's."""
    if has_request_context():
        requested = tk.h.lang()
        if requested:
            return str(requested)
    return str(tk.config.get("ckan.locale_default") or DEFAULT_LANGUAGE)


def text(words: Any) -> str:
    """A text of a schema, {zh_Hans_CN, en} or plain, in the language of the request."""
    if isinstance(words, Mapping):
        return str(words["zh_Hans_CN"] if language().startswith("zh") else words["en"])
    return str(words)


def label(field: SchemaField) -> str:
    """The field's label in the language of the request."""
    return text(field.get("label", field["field_name"]))
