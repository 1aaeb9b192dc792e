"""Contents: the commands that the capabilities offer; each adds its group to `ckan sdopen`."""

from ckanext.sdopen.commands import sdopen
from ckanext.sdopen.portal.cli import portal

__all__ = ["portal", "sdopen"]
