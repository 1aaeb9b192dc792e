"""The check of where a request comes from, before each page and action."""

import ckan.plugins.toolkit as tk
from flask import Blueprint, current_app, g, request
from flask_wtf.csrf import CSRFError, validate_csrf
from wtforms import ValidationError

from ckanext.sdopen.ckan_seams.repairs import csrf
from ckanext.sdopen.guard import origin
from ckanext.sdopen.guard.answers import Answer, answer
from ckanext.sdopen.guard.origin import Verdict

# a blueprint's hook stands before CKAN's own check of the token, which it may spare a request
blueprint = Blueprint("sdopen_origin", __name__)


@blueprint.before_app_request
def only_from_our_pages() -> Answer | None:
    """Refuse what acts by a cookie from elsewhere; spare our own scripts the token."""
    if request.method in origin.READING or not request.url_rule:
        return None
    verdict = origin.judge(_sent(), _own_origins())
    if verdict is Verdict.FOREIGN:
        return _refuse(tk._("The portal takes forms and changes from its own pages only"))
    if verdict is Verdict.UNPROVEN:
        return _refuse(
            tk._(
                "A program calls the API with a token (header {header}); a page of this portal "
                "sends JSON or the CSRF token"
            ).format(header=tk.config["apitoken_header_name"])
        )
    if verdict is Verdict.VOUCHED:
        csrf.exempt_this_request()
    return None


@blueprint.app_errorhandler(CSRFError)
def form_not_ours(error: CSRFError) -> Answer:
    """A form without a valid token: it lay open too long, or is none of ours."""
    message = tk._("The form is too old or not from this portal; load the page again and resend")
    return answer(400, "Bad Request", message)


def _sent() -> origin.Sent:
    known = bool(tk.current_user.is_authenticated)
    by_token = known and bool(g.get("login_via_auth_header"))
    return origin.Sent(
        method=request.method,
        origin=request.headers.get("Origin") or request.headers.get("Referer") or "",
        api=_is_api(),
        by_cookie=known and not by_token,
        by_token=by_token,
        json=request.mimetype == "application/json",
        csrf_token=known and not by_token and _is_api() and _has_csrf_token(),
    )


def _is_api() -> bool:
    return request.url_rule is not None and request.url_rule.rule.startswith("/api/")


def _has_csrf_token() -> bool:
    names = current_app.config["WTF_CSRF_HEADERS"]
    tokens = [request.headers.get(name) for name in names]
    try:
        validate_csrf(next(filter(None, tokens), None))
    except ValidationError:
        return False
    return True


def _own_origins() -> frozenset[str]:
    """The portal's public address, the name by which it was called, and those of the setting."""
    public = str(tk.config["ckan.site_url"])
    called = f"{public.partition(':')[0]}://{request.host}"
    trusted = tk.config["ckanext.sdopen.guard.trusted_origins"]
    return frozenset(map(origin.origin, (public, called, *trusted))) - {""}


def _refuse(message: str) -> Answer:
    return answer(403, "Authorization Error", message)
