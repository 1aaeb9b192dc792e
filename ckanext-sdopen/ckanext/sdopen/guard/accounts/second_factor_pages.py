"""The page on which an account gets a second factor, or gives it up."""

import ckan.plugins.toolkit as tk
import flask
from ckan import model

from ckanext.sdopen.guard.accounts import second_factor
from ckanext.sdopen.guard.accounts.login import credentials, enrolling, steps

blueprint = flask.Blueprint("sdopen_second_factor", __name__)


def _user() -> model.User:
    """The account of the session; nobody else's."""
    if not tk.current_user.is_authenticated:
        tk.abort(403, tk._("Please log in first."))
    user: model.User = model.User.get(tk.current_user.id)
    return user


@blueprint.route("/user/second-factor", methods=["GET"])
def show() -> str:
    """Whether there is a second factor, and how to get or remove it."""
    user = _user()
    if second_factor.is_enrolled(user.id):
        return _enrolled(user, "")
    return tk.render("sdopen/guard/enrol.html", enrolling.offer(user))


def _enrolled(user: model.User, error: str) -> str:
    shown = {"error": error, "required": steps.is_required(user)}
    return tk.render("sdopen/guard/enrolled.html", shown)


@blueprint.route("/user/second-factor", methods=["POST"])
def enrol() -> str:
    """Take the phone whose first code was typed."""
    user = _user()
    if second_factor.is_enrolled(user.id):
        return _enrolled(user, "")
    codes = enrolling.take(user, tk.request.form.get("code", ""))
    if codes:
        address = tk.url_for("sdopen_second_factor.show")
        return tk.render("sdopen/guard/recovery_codes.html", {"codes": codes, "go_on": address})
    shown = {**enrolling.offer(user), "error": enrolling.wrong_code()}
    return tk.render("sdopen/guard/enrol.html", shown)


@blueprint.route("/user/second-factor/remove", methods=["POST"])
def remove() -> str:
    """Remove the second factor; the password is asked for again."""
    user = _user()
    try:
        known = credentials.tried(user.name, tk.request.form.get("password", ""))
    except credentials.Locked as locked:
        return _enrolled(user, str(locked))
    if known is None:
        return _enrolled(user, tk._("Password entered was incorrect"))
    second_factor.remove(user.id)
    tk.h.flash_success(tk._("The second factor was removed."))
    return tk.render("sdopen/guard/enrol.html", enrolling.offer(user))
