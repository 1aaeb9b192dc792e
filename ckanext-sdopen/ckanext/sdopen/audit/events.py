"""Events that are told by CKAN's signals and by answers: logins, refusals."""

import logging
from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model
from flask import Response, request
from sqlalchemy.exc import SQLAlchemyError

from ckanext.sdopen.audit import log
from ckanext.sdopen.audit.kinds import Kind, Result
from ckanext.sdopen.audit.log import Event

_log = logging.getLogger(__name__)
_REFUSALS = (401, 403)
_LONGEST = 500


def _account(name: str) -> str:
    known = model.User.get(name) if name else None
    return known.id if known else ""


def logged_in(sender: Any, user: Any = None, **more: Any) -> None:
    """Somebody logged in."""
    log.record_now([Event(Kind.LOGIN, user.id, "user")], user.name)


def login_failed(sender: str, **more: Any) -> None:
    """Somebody tried to log in as `sender`, who may not exist."""
    name = str(sender)
    failed = Event(Kind.LOGIN_FAILED, _account(name), "user", Result.REFUSED)
    log.record_now([failed], name)


def logged_out(sender: Any, user: Any = None, **more: Any) -> None:
    """Somebody logged out."""
    if user is not None and not user.is_anonymous:
        log.record_now([Event(Kind.LOGOUT, user.id, "user")], user.name)


def reset_done(sender: str, user: Any = None, **more: Any) -> None:
    """A password was set anew by a mailed key."""
    known = model.User.get(str(sender))
    if known is not None:
        log.record_now([Event(Kind.PASSWORD_RESET, known.id, "user")], known.name)


def told_refusal(response: Response) -> Response:
    """Record an answer that refuses somebody what he asked for."""
    if response.status_code in _REFUSALS:
        details = {"method": request.method, "path": request.path[:_LONGEST]}
        route = request.endpoint or ""
        refused = Event(Kind.ACCESS_DENIED, route, "route", Result.REFUSED, details)
        try:
            log.record_now([refused])
        except SQLAlchemyError as error:
            # nothing was done: without a database the refusal itself stands in the log of the web
            _log.error("refusal not recorded (%s): %s", type(error).__name__, route)
    return response


def subscriptions() -> dict[Any, list[Any]]:
    """Which signals are listened to, as CKAN's ISignal wants it."""
    return {
        tk.signals.user_logged_in: [logged_in],
        tk.signals.failed_login: [login_failed],
        tk.signals.user_logged_out: [logged_out],
        tk.signals.perform_password_reset: [reset_done],
    }
