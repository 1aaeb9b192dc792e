"""A new password by a letter: asking for it tells nobody which accounts exist."""

import ckan.plugins.toolkit as tk
import flask
from ckan import model
from ckan.lib.captcha import CaptchaError, check_recaptcha
from ckan.lib.mailer import verify_reset_link
from ckan.views.user import PerformResetView
from flask.typing import ResponseReturnValue

from ckanext.sdopen.guard.accounts.letters import asking, writers
from ckanext.sdopen.guard.accounts.login import lockout

blueprint = flask.Blueprint("sdopen_reset", __name__, url_prefix="/user/reset")

_LONGEST = 320


@blueprint.route("", methods=["GET", "POST"])
def request_reset() -> ResponseReturnValue:
    """Ask for a letter; the answer is the same whether the account exists or not."""
    if tk.request.method == "GET":
        return tk.render("user/request_reset.html", {})
    typed = tk.request.form.get("user", "").strip()
    error = _asked(typed)
    if error:
        tk.h.flash_error(error)
        return tk.redirect_to("user.request_reset")
    return tk.render("sdopen/guard/letter_sent.html", {"to": typed})


def _asked(typed: str) -> str:
    """Have letters sent to the accounts of a name or mail address; what is wrong, or nothing."""
    if not typed or "\0" in typed or len(typed) > _LONGEST:
        return tk._("Please type a mail address or a user name.")
    try:
        check_recaptcha(tk.request)
        asking.ask(writers.RESET, typed, {"login": typed})
    except CaptchaError:
        return tk._("Bad Captcha. Please try again.")
    except asking.TooMany:
        return asking.too_many()
    return ""


@blueprint.route("/<id>", methods=["GET", "POST"])
def perform_reset(id: str) -> ResponseReturnValue:
    """Choose a new password by the link of a letter; a wrong link and an unknown account are one.

    CKAN does the rest. An invitation, whose account is not active yet, lasts until it is used.
    """
    user = _invited(id, tk.request.args.get("key", "").strip())
    if user is None:
        return tk.abort(
            403, tk._("This link was used already or has ended. Please ask for a new one.")
        )
    account, before = lockout.account_key(user.id, ""), user.password
    answer: ResponseReturnValue = PerformResetView().dispatch_request(id=user.id)
    # whoever reads the account's mail is no stranger that guesses
    found = model.User.get(id)
    if found is not None and found.password != before:
        lockout.unlock([account, f"code:{found.id}"])
    return answer


def _invited(reference: str, key: str) -> model.User | None:
    """The account that a link opens; None where there is none or the link has ended."""
    user: model.User | None = None if "\0" in reference else model.User.get(reference)
    if user is None or user.is_deleted() or not verify_reset_link(user, key):
        return None
    return user if user.is_pending() or writers.is_fresh(key) else None
