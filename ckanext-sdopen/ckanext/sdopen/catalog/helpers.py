"""What the forms and the tables of elements ask for."""

from collections.abc import Mapping
from typing import Any

from ckanext.sdopen import codes
from ckanext.sdopen.catalog.fields import language

__all__ = ["sdopen_code_choices"]


def sdopen_code_choices(field: Mapping[str, Any]) -> list[dict[str, str]]:
    """{value, label} of each value of the code list that the field names."""
    if not field.get("codes"):
        return []
    return [
        {"value": code.value, "label": code.label(language())}
        for code in codes.load(field["codes"])
    ]
