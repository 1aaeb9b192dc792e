"""What the pages of entries ask for."""

from collections.abc import Mapping
from typing import Any

from markupsafe import Markup

from ckanext.sdopen.linked_data import addresses, schema_org

__all__ = ["sdopen_entry_structured_data", "sdopen_portal_address"]


def sdopen_entry_structured_data(entry: Mapping[str, Any]) -> Markup:
    """The entry in the words of schema.org, escaped for a script element."""
    return Markup(schema_org.script(entry))  # noqa: S704 escaped by `script`


def sdopen_portal_address() -> str:
    """The address of the portal, without a stroke at its end."""
    return addresses.portal()
