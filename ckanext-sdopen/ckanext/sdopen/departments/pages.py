"""Addresses of departments that ended lead to those in which they live on."""

import ckan.plugins.toolkit as tk
import flask
import flask.typing
from ckan import model

from ckanext.sdopen.departments import merge

blueprint = flask.Blueprint("sdopen_departments", __name__)


@blueprint.before_app_request
def lead_on() -> flask.typing.ResponseReturnValue | None:
    """Answer 301 at the page of a department that was merged into another."""
    endpoint = str(tk.request.endpoint or "")
    if not endpoint.startswith("organization.") or tk.request.method not in ("GET", "HEAD"):
        return None
    reference = str((tk.request.view_args or {}).get("id") or "")
    department = model.Group.get(reference) if reference else None
    if department is None or department.state == model.State.ACTIVE:
        return None
    following = merge.successor(department)
    if following is None:
        return None
    return flask.redirect(tk.url_for("organization.read", id=following.name), code=301)
