"""Validators of 数据服务接口 records."""

from typing import Any

import ckan.plugins.toolkit as tk
from ckan.types import Context

from ckanext.sdopen.entries.validation import served_catalog

__all__ = ["sdopen_served_catalog"]


def sdopen_served_catalog(value: Any, context: Context) -> Any:
    """The id of the catalog that an interface serves; its name or address is taken too."""
    if not value:
        return value
    catalog = served_catalog.catalog_of(value)
    # one the caller cannot read is answered like one that is not there
    if catalog is None or not served_catalog.is_readable(catalog, context):
        message = tk._('There is no catalog "{value}"; give the id or address of one, or nothing')
        raise tk.Invalid(message.format(value=value))
    return catalog.id
