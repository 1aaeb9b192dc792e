"""Contents: the commands that the capabilities offer; each adds its group to `ckan sdopen`."""

import ckanext.sdopen.catalog.cli
import ckanext.sdopen.portal.cli
import ckanext.sdopen.sample.cli
import ckanext.sdopen.search.cli  # noqa: F401
from ckanext.sdopen.commands import sdopen

__all__ = ["sdopen"]
