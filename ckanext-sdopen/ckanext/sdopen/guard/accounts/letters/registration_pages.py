"""Registration: first a mail address, then, by the link of a letter, a name and a password."""

from typing import Any

import ckan.plugins.toolkit as tk
import flask
from ckan import authz, model
from ckan.lib.captcha import CaptchaError, check_recaptcha
from ckan.logic.schema import user_new_form_schema
from ckan.types import Context, Response
from ckan.views.user import RegisterView
from flask.typing import ResponseReturnValue

from ckanext.sdopen.guard.accounts.letters import asking, links, writers
from ckanext.sdopen.guard.accounts.login import steps

blueprint = flask.Blueprint("sdopen_registration", __name__, url_prefix="/user/register")

# of the form; an account's other fields are no business of somebody who registers
_FIELDS = ("name", "fullname", "password1", "password2")


def _require_open() -> Context:
    """The context of somebody who registers; where registration is off there is no such page."""
    context = Context(user=tk.current_user.name, auth_user_obj=tk.current_user)
    try:
        tk.check_access("user_create", context, {})
    except tk.NotAuthorized:
        tk.abort(403, tk._("Registration is not open at this portal."))
    return context


@blueprint.route("", methods=["GET", "POST"])
def register() -> ResponseReturnValue:
    """Ask for a letter; the answer is the same whoever has an account."""
    if authz.is_sysadmin(tk.current_user.name):
        # an administrator makes accounts of others as in CKAN
        return RegisterView().dispatch_request()
    _require_open()
    if tk.current_user.is_authenticated:
        return tk.render("user/logout_first.html", {})
    email = tk.request.form.get("email", "").strip()
    if tk.request.method == "GET":
        return tk.render("sdopen/guard/register.html", {"email": "", "error": ""})
    error = _asked(email)
    if error:
        return tk.render("sdopen/guard/register.html", {"email": email, "error": error})
    return tk.render("sdopen/guard/letter_sent.html", {"to": email})


def _asked(email: str) -> str:
    """Have a letter sent to a mail address; what is wrong, empty where it is on its way."""
    try:
        check_recaptcha(tk.request)
        address = tk.get_validator("email_validator")(email, {}) if "\0" not in email else ""
        if not address or len(address) > 254:
            raise tk.Invalid(tk._("Please type a mail address."))
        asking.ask(writers.REGISTRATION, address, {"email": address})
    except CaptchaError:
        return tk._("Bad Captcha. Please try again.")
    except tk.Invalid as error:
        return str(error.error)
    except asking.TooMany:
        return asking.too_many()
    return ""


@blueprint.route("/confirm", methods=["GET", "POST"])
def confirm() -> ResponseReturnValue:
    """Choose name and password of the account whose mail address the link proves."""
    context = _require_open()
    email = links.confirmed(tk.request.args.get("link", ""))
    if email is None:
        tk.abort(403, tk._("This link was used already or has ended. Please register again."))
    values, errors = {}, {}
    if tk.request.method == "POST":
        values = {name: tk.request.form.get(name, "") for name in _FIELDS}
        try:
            return _made(context, {**values, "email": email})
        except tk.ValidationError as error:
            errors = error.error_dict
    shown = {"email": email, "name": values.get("name"), "fullname": values.get("fullname")}
    return tk.render("sdopen/guard/confirm.html", {"data": shown, "errors": errors})


def _made(context: Context, values: dict[str, Any]) -> Response:
    """Make the account and log it in.

    Raises:
        ValidationError: a value is wrong, or the mail address has got an account meanwhile.
    """
    made = tk.get_action("user_create")(Context(**context, schema=user_new_form_schema()), values)
    return steps.complete(steps.begin(model.User.get(made["id"]), ""))
