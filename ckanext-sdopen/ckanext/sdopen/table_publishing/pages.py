"""Downloads: by their own Chinese names, under types of ours, run by no browser.

CKAN gives a file under the type that a client stated, and shows it in the page; of 行政许可.csv it
makes `.csv` (munge_filename, CKAN 2.12). The own name stands in `original_filename`.
"""

import os
import re
from urllib.parse import quote

import ckan.plugins.toolkit as tk
import flask
from ckan import model

from ckanext.sdopen.standard import addresses, file_types
from ckanext.sdopen.table_publishing import download_counts, downloads

blueprint = flask.Blueprint("sdopen_downloads", __name__)

# whole, a part, unchanged, and a part that is not there
_GIVEN = (200, 206, 304, 416)
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


def _of_file(response: flask.Response, resource: model.Resource) -> flask.Response:
    """A download that no browser runs: a type of ours, never shown in a page, without scripts."""
    name = str((resource.extras or {}).get("original_filename") or "") or str(resource.url or "")
    response.headers["Content-Disposition"] = disposition(download_name(name, resource.url or ""))
    response.headers["Content-Type"] = file_types.mimetype(name)
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


def _asked_for() -> model.Resource | None:
    """The resource of a request for a download; the view loads it, too, in the same session."""
    if not (flask.request.endpoint or "").endswith("resource.download"):
        return None
    arguments = flask.request.view_args or {}
    return model.Resource.get(str(arguments.get("resource_id") or ""))


@blueprint.before_app_request
def follow_addresses_only() -> tuple[str, int] | None:
    """Lead to no stored address that is none; whether somebody may read its entry or not."""
    resource = _asked_for()
    if resource is None or addresses.is_of_portal({"url_type": resource.url_type}):
        return None
    if addresses.is_address(addresses.shown(str(resource.url or ""))):
        return None
    return _not_found(tk._("The address of this file is none that can be followed"))


@blueprint.after_app_request
def give_file(response: flask.Response) -> flask.Response:
    """Give an uploaded file by its own name and our type; first the audit log tells of it."""
    response = downloads.recorded(response)
    download_counts.count(response)
    resource = _asked_for() if response.status_code in _GIVEN else None
    is_file = resource is not None and resource.url_type == "upload"
    return _of_file(response, resource) if is_file else response


def _not_found(message: str) -> tuple[str, int]:
    return tk.render("error_document_template.html", {"code": 404, "content": message}), 404


@blueprint.app_errorhandler(FileNotFoundError)
def no_bytes(error: FileNotFoundError) -> tuple[str, int]:
    """A file whose bytes are not there; any other file that is missing is a fault of ours."""
    if not (flask.request.endpoint or "").endswith("resource.download"):
        raise error
    return _not_found(tk._("The file is not there any more"))
