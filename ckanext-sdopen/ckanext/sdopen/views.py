"""Contents: the routes that the capabilities offer."""

from ckanext.sdopen.catalog.books.pages import blueprint as workbook
from ckanext.sdopen.catalog.bulk.pages import blueprint as bulk
from ckanext.sdopen.catalog.changes.pages import blueprint as changes
from ckanext.sdopen.catalog.entry_pages import blueprint as entries
from ckanext.sdopen.catalog.pages import blueprint as catalog
from ckanext.sdopen.guard.pages import blueprint as guard
from ckanext.sdopen.portal.departments.pages import blueprint as departments
from ckanext.sdopen.portal.downloads import blueprint as downloads
from ckanext.sdopen.portal.libraries import blueprint as libraries
from ckanext.sdopen.portal.script_texts import blueprint as script_texts
from ckanext.sdopen.portal.sitemap import blueprint as sitemap
from ckanext.sdopen.portal.topics import blueprint as topics
from ckanext.sdopen.search.pages import blueprint as synonyms

__all__ = [
    "bulk",
    "catalog",
    "changes",
    "departments",
    "downloads",
    "entries",
    "guard",
    "libraries",
    "script_texts",
    "sitemap",
    "synonyms",
    "topics",
    "workbook",
]
