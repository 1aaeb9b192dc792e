"""What every request of a program meets: its token is judged, its language is spoken.

Answers can be read by scripts of other sites (without credentials) and asked for again only where
they changed.
"""

from typing import Any

import ckan.plugins.toolkit as tk
from flask import Blueprint, Response, g, request
from flask.sansio.blueprints import BlueprintSetupState

from ckanext.sdopen.api import bearer, problems
from ckanext.sdopen.guard.answers import answer, is_api

blueprint = Blueprint("sdopen_api_manners", __name__)

_READING = frozenset({"GET", "HEAD"})
_METHODS = "GET, HEAD, POST, OPTIONS"
_ASKED = "Accept, Accept-Language, Content-Type, If-None-Match, If-Modified-Since, Range"
_TOLD = "Content-Disposition, Content-Range, ETag, Link, Retry-After"
# a day, in seconds, in which a browser does not ask again whether it may
_REMEMBERED = "86400"


@blueprint.record
def speak_first(state: BlueprintSetupState) -> None:
    """Know the language before anything is said, also by what refuses the request."""
    state.app.before_request_funcs.setdefault(None, []).insert(0, speak_as_asked)


def speak_as_asked() -> None:
    """Answer programs in the language of `Accept-Language`; one in the address goes before it."""
    if request.accept_languages and is_api() and request.environ.get("CKAN_LANG_IS_DEFAULT"):
        known = _languages()
        wanted = request.accept_languages.best_match(known)
        if wanted:
            request.environ["CKAN_LANG"] = known[wanted]


def _languages() -> dict[str, str]:
    """{language tag as browsers send it: the portal's name of the language}."""
    found: dict[str, str] = {}
    for locale in tk.h.get_available_locales():
        name = locale.short_name
        found[name.replace("_", "-")] = name
        found.setdefault(name.partition("_")[0], name)
        if locale.territory:
            found[f"{locale.language}-{locale.territory}"] = name
    return found


@blueprint.before_app_request
def refuse_dead_token() -> tuple[Response | str, int, dict[str, str]] | None:
    """Answer 401 to a token that names nobody: read as a stranger its sender would miss rows.

    Other schemes (`Basic` of a proxy in front) are not ours and are left alone; no token holds a
    blank.
    """
    sent = request.headers.get(tk.config["apitoken_header_name"], "").strip()
    # "user" stands in g where CKAN has looked for one
    is_other = " " in sent and bearer.IS_BEARER not in request.environ
    if not sent or is_other or "user" not in g:
        return None
    if tk.current_user.is_authenticated and g.get("login_via_auth_header"):
        return None
    message = tk._(
        "The token is not valid: it has ended, was revoked, or is not whole. "
        "Make a new one on the page of your account"
    )
    challenge = {"WWW-Authenticate": 'Bearer realm="sdopen", error="invalid_token"'}
    return *answer(401, "Authorization Error", message), challenge


@blueprint.after_app_request
def answer_as_expected(response: Response) -> Response:
    """Give an answer what programs and browsers look for in it."""
    if is_api():
        problems.explain(response)
        response.vary.add("Accept-Language")
        _validate(response)
    _let_other_sites_read(response)
    return response


def _validate(response: Response) -> None:
    """Let who has an answer ask whether it changed (RFC 9110); files have their own validators."""
    if (
        request.method in _READING
        and response.status_code == 200
        and not response.is_streamed
        and not response.direct_passthrough
    ):
        if "ETag" not in response.headers:
            # nginx may compress it
            response.add_etag(weak=True)
        response.make_conditional(request)


def _let_other_sites_read(response: Response) -> None:
    """Say to browsers that scripts of any site may read what is no page, without cookies."""
    if response.mimetype == "text/html" and request.method != "OPTIONS":
        return
    if not tk.config["ckanext.sdopen.api.other_sites"]:
        return
    given: dict[str, Any] = {"Access-Control-Allow-Origin": "*"}
    if request.method == "OPTIONS":
        asked = f"{_ASKED}, {tk.config['apitoken_header_name']}"
        given |= {
            "Access-Control-Allow-Methods": _METHODS,
            "Access-Control-Allow-Headers": asked,
            "Access-Control-Max-Age": _REMEMBERED,
        }
    else:
        given["Access-Control-Expose-Headers"] = _TOLD
    for name, value in given.items():
        response.headers.setdefault(name, value)
