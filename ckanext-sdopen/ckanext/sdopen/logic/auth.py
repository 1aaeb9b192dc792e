"""Contents: the auth functions that the capabilities offer."""

from ckanext.sdopen.catalog.auth import organization_create, sdopen_account_show
from ckanext.sdopen.search.auth import sdopen_synonyms_show, sdopen_synonyms_update

__all__ = [
    "organization_create",
    "sdopen_account_show",
    "sdopen_synonyms_show",
    "sdopen_synonyms_update",
]
