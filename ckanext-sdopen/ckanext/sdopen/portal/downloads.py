"""Downloads keep their Chinese file names.

CKAN makes `.csv` of 行政许可.csv when it stores an upload (munge_filename, CKAN 2.12); the
original name stands in the field `original_filename` of the resource.
"""

import os
import re
from urllib.parse import quote

import flask
from ckan import model

blueprint = flask.Blueprint("sdopen_downloads", __name__)

_UNSAFE = re.compile(r'[\x00-\x1f\x7f/\\:*?"<>|]')


def download_name(original: str, stored: str) -> str:
    """The file name that a browser saves: the original one without what file systems refuse."""
    name = _UNSAFE.sub("_", original).strip(" .") or os.path.basename(stored)
    ending = os.path.splitext(stored)[1]
    return name if not ending or name.lower().endswith(ending.lower()) else name + ending


def disposition(name: str) -> str:
    """A Content-Disposition header after RFC 6266: an ASCII name for old clients, UTF-8 for all."""
    plain = name.encode("ascii", "ignore").decode().replace('"', "") or "download"
    if plain.startswith("."):
        plain = f"download{plain}"
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"


@blueprint.after_app_request
def name_download(response: flask.Response) -> flask.Response:
    """Give a download of an uploaded file the name under which its department handed it in."""
    endpoint = flask.request.endpoint or ""
    arguments = flask.request.view_args or {}
    if not endpoint.endswith("resource.download") or response.status_code != 200:
        return response
    # already loaded by the view in this session: no further query
    resource = model.Resource.get(arguments.get("resource_id"))
    original = (resource.extras or {}).get("original_filename") if resource else None
    if original:
        name = download_name(original, resource.url or "")
        response.headers["Content-Disposition"] = disposition(name)
    return response
