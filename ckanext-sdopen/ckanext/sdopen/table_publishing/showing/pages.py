"""Pages of loads: the button that loads a table, the CSVs of its findings."""

from pathlib import Path
from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model
from flask import Blueprint, Response, send_file

from ckanext.sdopen.table_publishing.loading import kept

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
    try:
        _ask("sdopen_table_load", resource_id=resource_id)
    except tk.ValidationError as error:
        tk.h.flash_error("；".join(error.error_dict["resource_id"]))
    entry = model.Session.get(model.Resource, resource_id).package
    name = f"{entry.type}_resource.read"
    return tk.redirect_to(name, id=entry.name, resource_id=resource_id, _anchor="table-load")


@blueprint.get("/<resource_id>/findings.csv")
def findings(resource_id: str) -> Response:
    """All findings of the last load."""
    return _csv(resource_id, kept.FINDINGS, "问题清单")


@blueprint.get("/<resource_id>/rows.csv")
def rows(resource_id: str) -> Response:
    """The wrong rows of the last load, each with what is wrong in it."""
    return _csv(resource_id, kept.ROWS, "有问题的行")


def _csv(resource_id: str, file: str, title: str) -> Response:
    _ask("sdopen_table_findings", resource_id=resource_id, limit=0)
    last = kept.last(resource_id)
    path = kept.file_of(last, file) if last else None
    if last is None or path is None:
        return tk.abort(404, tk._("Nothing was found in the last load"))
    response = send_file(
        path.open("rb"),
        mimetype="text/csv; charset=utf-8",
        as_attachment=True,
        download_name=f"{Path(last.file).stem}-{title}.csv",
        max_age=0,
    )
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response
