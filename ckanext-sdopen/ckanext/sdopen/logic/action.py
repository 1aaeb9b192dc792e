"""Contents: the actions that the capabilities offer."""

from ckanext.sdopen.catalog.actions import (
    organization_create,
    organization_update,
    package_create,
    package_update,
    sdopen_account_show,
)

__all__ = [
    "organization_create",
    "organization_update",
    "package_create",
    "package_update",
    "sdopen_account_show",
]
