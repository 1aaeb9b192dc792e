"""Contents: the auth functions that the capabilities offer."""

from ckanext.sdopen.catalog.auth import organization_create, sdopen_account_show

__all__ = ["organization_create", "sdopen_account_show"]
