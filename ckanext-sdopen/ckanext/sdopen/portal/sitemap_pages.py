"""The sitemap: an index of files, each with at most so many addresses that everyone may read.

A file begins after an address, not at a number: it is found by one search however large the portal
is, and written as the searches answer, a thousand addresses at a time.
"""

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode
from xml.sax.saxutils import escape

import ckan.plugins.toolkit as tk
import flask
from ckan.types import Context

from ckanext.sdopen.linked_data import addresses
from ckanext.sdopen.standard.elements import KIND_OF_TYPE

blueprint = flask.Blueprint("sdopen_sitemap", __name__)

# CKAN's bound on the rows of one search (ckan.search.rows_max)
_AT_ONCE = 1000
# the bound of the protocol on a file (sitemaps.org)
_MOST = 50_000
_NAME = re.compile(r"^[a-z0-9_-]{2,100}\Z")
_XML = '<?xml version="1.0" encoding="UTF-8"?>\n'
_HEAD = _XML + '<{} xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n'


def _public_entries(after: str, start: int, rows: int) -> list[dict[str, Any]]:
    """Entries that everyone sees, by name, after a name; of each what a file says of it."""
    filters = [f"dataset_type:({' OR '.join(KIND_OF_TYPE)})"]
    if after:
        filters.append(f'name:{{"{after}" TO *]')
    query = {
        "q": "*:*",
        "fq_list": filters,
        "sort": "name asc",
        "start": start,
        "rows": rows,
        "fl": ["name", "dataset_type", "metadata_modified"],
    }
    found = tk.get_action("package_search")(Context(user="", auth_user_obj=None), query)
    return list(found["results"])


def _size() -> int:
    return max(1, min(_MOST, int(tk.config["ckanext.sdopen.portal.sitemap_size"])))


def _files() -> Iterator[str]:
    """The addresses of the files: that of the pages, then one for each full lot of entries."""
    yield f"{addresses.portal()}/sitemap/pages.xml"
    after = ""
    while _public_entries(after, 0, 1):
        query = f"?{urlencode({'after': after})}" if after else ""
        yield f"{addresses.portal()}/sitemap/entries.xml{query}"
        last = _public_entries(after, _size() - 1, 1)
        if not last:
            return
        after = last[0]["name"]


def _entries(after: str) -> Iterator[dict[str, Any]]:
    left = _size()
    while left and (found := _public_entries(after, 0, min(left, _AT_ONCE))):
        yield from found
        left, after = left - len(found), found[-1]["name"]


def _address(location: str, modified: str = "") -> str:
    changed = f"<lastmod>{modified}</lastmod>" if modified else ""
    return f"<url><loc>{escape(location)}</loc>{changed}</url>\n"


def _streamed(lines: Iterator[str]) -> flask.Response:
    text = flask.stream_with_context(lines)
    return flask.Response(text, content_type="application/xml; charset=utf-8")


@blueprint.route("/sitemap.xml")
def index() -> flask.Response:
    """The index of the files."""
    files = "".join(f"<sitemap><loc>{escape(file)}</loc></sitemap>\n" for file in _files())
    text = f"{_HEAD.format('sitemapindex')}{files}</sitemapindex>\n"
    return flask.Response(text, content_type="application/xml; charset=utf-8")


@blueprint.route("/sitemap/pages.xml")
def pages() -> flask.Response:
    """The pages that lead to entries: home, the lists, the topics."""
    lists = ("", "dataset/", "topic/", "organization/")
    known = tk.get_action("group_list")(Context(user="", auth_user_obj=None), {"type": "topic"})
    topics = (str(addresses.topic(name)) for name in known)
    locations = [*(f"{addresses.portal()}/{path}" for path in lists), *topics]
    text = "".join(_address(location) for location in locations)
    return _streamed(iter((_HEAD.format("urlset"), text, "</urlset>\n")))


@blueprint.route("/sitemap/entries.xml")
def entries() -> flask.Response:
    """A file of entries: catalogs and interfaces after a name, as many as a file holds."""
    after = tk.request.args.get("after", "")
    if after and not _NAME.match(after):
        tk.abort(404)

    def lines() -> Iterator[str]:
        yield _HEAD.format("urlset")
        for entry in _entries(after):
            location = addresses.page({"type": entry["dataset_type"], "name": entry["name"]})
            yield _address(str(location), entry["metadata_modified"])
        yield "</urlset>\n"

    return _streamed(lines())
