"""Requests as nginx and the application share them; no address of its own."""

from pathlib import Path

import ckan.plugins.toolkit as tk
from flask import Blueprint, Response, request

from ckanext.sdopen.guard.serving import made_files

blueprint = Blueprint("sdopen_serving", __name__)


@blueprint.before_app_request
def leave_parts_to_the_front() -> None:
    """nginx sends parts of a file by itself; the application allows the whole."""
    if request.headers.get(made_files.HEADER):
        request.environ.pop("HTTP_RANGE", None)
        request.environ.pop("HTTP_IF_RANGE", None)


@blueprint.after_app_request
def send_by_the_front(response: Response) -> Response:
    """A file of the storage goes by nginx where nginx asked."""
    place = request.headers.get(made_files.HEADER)
    storage = tk.config.get("ckan.storage_path")
    if place and storage:
        made_files.hand_over(response, place, Path(storage))
    return response
