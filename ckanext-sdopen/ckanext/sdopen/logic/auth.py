"""Contents: the auth functions that the capabilities offer."""

from ckanext.sdopen.catalog.auth import (
    organization_create,
    package_show,
    package_update,
    sdopen_account_show,
    sdopen_entry_publish,
    sdopen_entry_withdraw,
)
from ckanext.sdopen.search.auth import sdopen_synonyms_show, sdopen_synonyms_update

__all__ = [
    "organization_create",
    "package_show",
    "package_update",
    "sdopen_account_show",
    "sdopen_entry_publish",
    "sdopen_entry_withdraw",
    "sdopen_synonyms_show",
    "sdopen_synonyms_update",
]
