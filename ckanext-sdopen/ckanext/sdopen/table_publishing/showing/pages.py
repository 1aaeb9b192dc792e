"""Pages of loads: buttons that load and publish a table, files of its findings."""

from pathlib import Path
from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model
from flask import Blueprint, Response, send_file

from ckanext.sdopen.standard import file_types
from ckanext.sdopen.table_publishing.loading import kept

_WRONG_ROWS = "有问题的行"
blueprint = Blueprint("sdopen_table", __name__, url_prefix="/table")


def _ask(action: str, **asked: Any) -> Any:
    try:
        return tk.get_action(action)({}, asked)
    except (tk.ObjectNotFound, tk.NotAuthorized):
        # who may not see it does not learn whether there is one
        return tk.abort(404, tk._("There is none, or you may not read it"))


@blueprint.post("/<resource_id>/load")
def load(resource_id: str) -> Response:
    """Queue the load of a table, then show how far it is on the page of its resource."""
    return _queued("sdopen_table_load", resource_id)


@blueprint.post("/<resource_id>/publish")
def publish(resource_id: str) -> Response:
    """The same of the publication of what clients wrote."""
    return _queued("sdopen_table_publish", resource_id)


def _queued(action: str, resource_id: str) -> Response:
    try:
        _ask(action, resource_id=resource_id)
    except tk.ValidationError as error:
        tk.h.flash_error("；".join(error.error_dict["resource_id"]))
    entry = model.Session.get(model.Resource, resource_id).package
    name = f"{entry.type}_resource.read"
    return tk.redirect_to(name, id=entry.name, resource_id=resource_id, _anchor="table-load")


@blueprint.get("/<resource_id>/findings.csv")
def findings(resource_id: str) -> Response:
    """All findings of the last load."""
    return _file(resource_id, kept.FINDINGS, "问题清单")


@blueprint.get("/<resource_id>/rows.csv")
def rows(resource_id: str) -> Response:
    """The wrong rows of the last load, each with what is wrong in it."""
    return _file(resource_id, kept.ROWS, _WRONG_ROWS)


@blueprint.get("/<resource_id>/rows.xlsx")
def book(resource_id: str) -> Response:
    """The same as a workbook, wrong cells coloured."""
    return _file(resource_id, kept.BOOK, _WRONG_ROWS)


@blueprint.get("/<resource_id>/marked.xlsx")
def marked(resource_id: str) -> Response:
    """The department's own workbook of the last load, wrong cells coloured."""
    return _file(resource_id, kept.MARKED, "问题标注")


def _file(resource_id: str, file: str, title: str) -> Response:
    _ask("sdopen_table_findings", resource_id=resource_id, limit=0)
    last = kept.last(resource_id)
    path = kept.file_of(last, file) if last else None
    if last is None or path is None:
        return tk.abort(404, tk._("Nothing was found in the last load"))
    response = send_file(
        path.open("rb"),
        mimetype=file_types.mimetype(file),
        as_attachment=True,
        download_name=f"{Path(last.file).stem}-{title}{path.suffix}",
        max_age=0,
    )
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response
