"""Pages of one entry: one answer for absent, unreadable and withdrawn; withdrawing.

CKAN's views answer 403, 404 or a redirect to the login as each of them happens to be written.
"""

from typing import Any

import ckan.plugins.toolkit as tk
import flask
from ckan import model
from ckan.types import Response
from werkzeug.exceptions import Forbidden, NotFound

from ckanext.sdopen.access import readable, visibility

blueprint = flask.Blueprint("sdopen_entries", __name__)

# an argument of a route that leads to an entry, on whatever route it stands
_ARGUMENTS = {"resource_id": readable.TABLE, "view_id": readable.VIEW}
# routes whose `id` is that of an entry: of CKAN's dataset pages, ours, and those of its plugins
_ENTRY_PAGES = ("dataset", "interface", "resource", "sdopen_entries")
_ENTRY_ENDPOINTS = ("datastore.dictionary",)
_ENTRY_PATHS = ("/dataset/", "/interface/")
# the id of these is an activity's, which may be of a department too
_ACTIVITY_ENDPOINTS = ("activity.package_changes",)
# topics are a field of the form; CKAN's own page for them fails without groups in the database
_NO_PAGES = ("dataset.groups", "interface.groups")
# pages that give a file or a table away
_OF_PARTS = {
    "download": visibility.FILE,
    "view": visibility.FILE,
    "dump": visibility.TABLE,
    "api_info": visibility.TABLE,
}


def _is_entry_page(endpoint: str, rule: str) -> bool:
    if endpoint in _ACTIVITY_ENDPOINTS:
        return False
    kind = endpoint.split(".")[0].removesuffix("_resource")
    return kind in _ENTRY_PAGES or endpoint in _ENTRY_ENDPOINTS or rule.startswith(_ENTRY_PATHS)


def _asked(endpoint: str, rule: str, arguments: dict[str, Any]) -> list[tuple[str, Any]]:
    """(kind, reference) of each argument of the route that leads to an entry."""
    asked = [(kind, arguments[name]) for name, kind in _ARGUMENTS.items() if name in arguments]
    if "id" in arguments and _is_entry_page(endpoint, rule):
        asked.append((readable.ENTRY, arguments["id"]))
    return asked


def _caller() -> dict[str, Any]:
    return {"user": tk.current_user.name, "auth_user_obj": tk.current_user}


@blueprint.before_app_request
def answer_alike() -> Response | tuple[str, int] | None:
    """Answer 404 in the same words wherever a page's entry is not there for this reader."""
    rule, endpoint = flask.request.url_rule, flask.request.endpoint or ""
    if rule is None or endpoint.startswith(("api.", "static", "webassets")):
        return None
    if endpoint in _NO_PAGES:
        return tk.abort(404, str(readable.not_found()))
    asked = _asked(endpoint, rule.rule, flask.request.view_args or {})
    part = _OF_PARTS.get(endpoint.split(".")[-1], visibility.ENTRY)
    try:
        entries = [
            readable.require(_caller(), kind, {"id": reference}, "id", part=part)
            for kind, reference in asked
        ]
    except tk.ObjectNotFound:
        return tk.abort(404, str(readable.not_found()))
    except tk.NotAuthorized as refusal:
        return tk.abort(403, str(refusal))
    if len({entry.id for entry in entries if entry is not None}) > 1:
        # a file under the address of another entry
        return tk.abort(404, str(readable.not_found()))
    return None


@blueprint.app_errorhandler(tk.ObjectNotFound)
def nothing_there(error: Exception) -> Any:
    """Answer 404 where one of CKAN's views lets the error through."""
    return flask.current_app.handle_http_exception(NotFound(str(readable.not_found())))


@blueprint.app_errorhandler(tk.NotAuthorized)
def not_allowed(error: Exception) -> Any:
    """Answer 403 where one of CKAN's views lets the error through."""
    return flask.current_app.handle_http_exception(Forbidden(str(error)))


def _back(entry: model.Package) -> Response:
    return tk.redirect_to(f"{entry.type}.read", id=entry.name)


@blueprint.route("/entry/<id>/publish", methods=["POST"])
def publish(id: str) -> Response:
    """Publish an entry and show it."""
    entry = readable.require(_caller(), readable.ENTRY, {"id": id}, "id")
    if entry is None:
        return tk.abort(404, str(readable.not_found()))
    try:
        tk.get_action("sdopen_entry_publish")({}, {"id": id})
        tk.h.flash_success(tk._("The entry is published."))
    except tk.NotAuthorized as refusal:
        return tk.abort(403, str(refusal))
    except tk.ValidationError as problem:
        problems = [f"{name}: {text}" for name, text in problem.error_summary.items()]
        tk.h.flash_error(tk._("Nothing was published. Please correct:") + " " + "; ".join(problems))
        return tk.redirect_to(f"{entry.type}.edit", id=entry.name)
    return _back(entry)


@blueprint.route("/entry/<id>/withdraw", methods=["GET", "POST"])
def withdraw(id: str) -> Response | str:
    """Ask for the reason, withdraw the entry, and show it."""
    entry = readable.require(_caller(), readable.ENTRY, {"id": id}, "id")
    if entry is None:
        return tk.abort(404, str(readable.not_found()))
    errors: dict[str, Any] = {}
    try:
        tk.check_access("sdopen_entry_withdraw", {}, {"id": entry.id})
        if flask.request.method == "POST":
            reason = flask.request.form.get("reason", "")
            tk.get_action("sdopen_entry_withdraw")({}, {"id": entry.id, "reason": reason})
            tk.h.flash_success(tk._("The entry is withdrawn."))
            return _back(entry)
    except tk.NotAuthorized as refusal:
        return tk.abort(403, str(refusal))
    except tk.ValidationError as problem:
        errors = problem.error_dict
    shown = {"entry": entry, "errors": errors, "reason": flask.request.form.get("reason", "")}
    return tk.render("sdopen/entries/withdraw.html", shown)
