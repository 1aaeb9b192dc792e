"""Validators of 数据服务接口 records."""

from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.types import Context

__all__ = ["sdopen_served_catalog"]


def sdopen_served_catalog(value: Any, context: Context) -> Any:
    """The id of the catalog that an interface serves; its name or address is taken too."""
    if not value:
        return value
    reference = str(value).rstrip("/").rsplit("/", 1)[-1]
    catalog = model.Package.get(reference)
    # one the caller cannot read is answered like one that is not there
    if catalog is None or catalog.type != "dataset" or not _readable(catalog, context):
        message = tk._('There is no catalog "{value}"; give the id or address of one, or nothing')
        raise tk.Invalid(message.format(value=value))
    return catalog.id


def _readable(catalog: model.Package, context: Context) -> bool:
    if context.get("ignore_auth"):
        return True
    try:
        tk.check_access("package_show", {"user": context.get("user", "")}, {"id": catalog.id})
    except tk.NotAuthorized:
        return False
    return True
