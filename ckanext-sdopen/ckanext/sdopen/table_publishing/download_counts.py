"""Downloads as they are counted: files and tables by their resource, nobody by his name."""

import flask
from ckan import model

from ckanext.sdopen import moments
from ckanext.sdopen.counting import kept, waiting
from ckanext.sdopen.table_publishing import downloads

KIND = "download"


def count(response: flask.Response) -> None:
    """Count the answer that gives a file or a table, whole or from its beginning."""
    if flask.request.method != "GET" or not _is_begun(response):
        return
    day = moments.today()
    for resource_id in downloads.files_given():
        waiting.add(KIND, resource_id, day)


def _is_begun(response: flask.Response) -> bool:
    if response.status_code == 206:
        # further parts of one download
        return str(response.headers.get("Content-Range", "")).startswith("bytes 0-")
    return response.status_code in (200, 302)


def total(resource: model.Resource) -> int:
    """How often a file or table was downloaded, as it is known some minutes later."""
    return kept.totals(KIND, [resource.id]).get(resource.id, 0)
