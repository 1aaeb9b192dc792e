"""Contents: the routes that the capabilities offer."""

from ckanext.sdopen.catalog.pages import blueprint as entries
from ckanext.sdopen.portal.downloads import blueprint as downloads
from ckanext.sdopen.portal.script_texts import blueprint as script_texts
from ckanext.sdopen.search.pages import blueprint as synonyms

__all__ = ["downloads", "entries", "script_texts", "synonyms"]
