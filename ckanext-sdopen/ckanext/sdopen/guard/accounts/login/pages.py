"""Pages of a login: the answer to name and password, then the steps that are left."""

from typing import Any

import ckan.plugins.toolkit as tk
import flask
from ckan import model
from ckan.lib import captcha
from ckan.types import Response
from flask.typing import ResponseReturnValue

from ckanext.sdopen.guard.accounts import second_factor
from ckanext.sdopen.guard.accounts.login import credentials, enrolling, lockout, steps
from ckanext.sdopen.guard.accounts.login.steps import Login, Step
from ckanext.sdopen.guard.accounts.passwords import check

blueprint = flask.Blueprint("sdopen_login", __name__, url_prefix="/user/login")

_PAGES = {step: f"sdopen_login.{step}" for step in Step}


def login() -> ResponseReturnValue | None:
    """The answer to a name and a password; None where there are none and CKAN shows its form."""
    if tk.request.method != "POST" or tk.current_user.is_authenticated:
        return None
    form = tk.request.form
    try:
        captcha.check_recaptcha(tk.request)
        user = credentials.tried(form.get("login", "").strip(), form.get("password", ""))
    except captcha.CaptchaError:
        return _refused(tk._("Bad Captcha. Please try again."))
    except credentials.Locked as locked:
        return _refused(str(locked))
    if user is None:
        return _refused(tk._("Login failed. Bad username or password."))
    target = tk.request.args.get("next", tk.request.args.get("came_from", ""))
    return _go_on(steps.begin(user, target))


def _refused(sentence: str) -> str:
    tk.h.flash_error(sentence)
    return tk.render("user/login.html", {})


def _go_on(login: Login) -> Response:
    """To the next step of a login, or to its end."""
    step = steps.due(login)
    return tk.redirect_to(_PAGES[step]) if step else steps.complete(login)


def _waiting(step: Step) -> Login | Response:
    """The login that waits for a step, else where to go."""
    found = steps.under_way()
    if found is None:
        tk.h.flash_error(tk._("The login took too long. Please begin again."))
        return tk.redirect_to("user.login")
    return found if steps.due(found) == step else _go_on(found)


@blueprint.route("/next")
def go_on() -> Response:
    """On to the next step."""
    found = steps.under_way()
    return _go_on(found) if found else tk.redirect_to("user.login")


@blueprint.route("/code", methods=["GET", "POST"])
def code() -> ResponseReturnValue:
    """The second factor: a code of the phone, or one of the recovery codes."""
    waiting = _waiting(Step.CODE)
    if not isinstance(waiting, Login):
        return waiting
    error = ""
    if tk.request.method == "POST":
        # a right password forgives no wrong code: these tries are counted apart
        account = f"code:{waiting.user.id}"
        source = lockout.address_key(credentials.address())
        if not lockout.take(account, source):
            return _refused(credentials.locked_sentence())
        if second_factor.accepts(waiting.user.id, tk.request.form.get("code", "")):
            lockout.forgive(account, source)
            return _go_on(steps.did(waiting, Step.CODE))
        error = tk._("This code is wrong or was used already. Wait for the next one.")
    return tk.render("sdopen/guard/login_code.html", {"error": error})


@blueprint.route("/enrol", methods=["GET", "POST"])
def enrol() -> ResponseReturnValue:
    """Administrators get a second factor before they come in, where a setting says so."""
    waiting = _waiting(Step.ENROL)
    if not isinstance(waiting, Login):
        return waiting
    shown = enrolling.offer(waiting.user)
    if tk.request.method == "POST":
        codes = enrolling.take(waiting.user, tk.request.form.get("code", ""))
        if codes:
            steps.did(waiting, Step.ENROL)
            more = {"codes": codes, "go_on": tk.url_for("sdopen_login.go_on")}
            return tk.render("sdopen/guard/recovery_codes.html", more)
        shown = {**shown, "error": enrolling.wrong_code()}
    return tk.render("sdopen/guard/enrol.html", {**shown, "required": True})


@blueprint.route("/renew", methods=["GET", "POST"])
def renew() -> ResponseReturnValue:
    """Another password in the place of one that is too old."""
    waiting = _waiting(Step.RENEW)
    if not isinstance(waiting, Login):
        return waiting
    errors: list[str] = []
    if tk.request.method == "POST":
        errors = _renewed(waiting.user, tk.request.form)
        if not errors:
            return _go_on(steps.did(waiting, Step.RENEW))
    return tk.render("sdopen/guard/renew.html", {"errors": errors, "name": waiting.user.name})


def _renewed(user: model.User, form: Any) -> list[str]:
    """Give an account the password of a form; what is wrong with it, empty where it was taken."""
    password = form.get("password1", "")
    if password != form.get("password2", ""):
        return [tk._("The passwords you entered do not match")]
    found = check.complaints(password, user.name, user)
    if not found:
        user.password = password
        model.Session.commit()
    return found
