"""Contents: the routes that the capabilities offer."""

from ckanext.sdopen.portal.downloads import blueprint as downloads
from ckanext.sdopen.search.pages import blueprint as synonyms

__all__ = ["downloads", "synonyms"]
