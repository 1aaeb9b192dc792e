"""Contents: the routes that the capabilities offer."""

from ckanext.sdopen.portal.downloads import blueprint as downloads

__all__ = ["downloads"]
