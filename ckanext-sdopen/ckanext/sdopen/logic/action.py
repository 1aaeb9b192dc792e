"""Contents: the actions that the capabilities offer."""

from ckanext.sdopen.catalog.actions import (
    group_list,
    organization_create,
    organization_list,
    organization_update,
    package_create,
    package_update,
    sdopen_account_show,
)
from ckanext.sdopen.search.actions import (
    package_search,
    sdopen_synonyms_show,
    sdopen_synonyms_update,
)

__all__ = [
    "group_list",
    "organization_create",
    "organization_list",
    "organization_update",
    "package_create",
    "package_search",
    "package_update",
    "sdopen_account_show",
    "sdopen_synonyms_show",
    "sdopen_synonyms_update",
]
