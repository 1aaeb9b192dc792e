"""Sessions: what a login leaves in the signed cookie, and when it does not count any more.

The cookie holds when the login was, when it was last used, and the epoch of the account. Logout,
another password and disabling raise the epoch, which ends every session of the account, wherever
a copy of its cookie is.
"""

import time
from dataclasses import dataclass
from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.common import session
from ckan.lib import api_token
from flask import Flask, g, has_request_context, request
from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.engine import Connection

from ckanext.sdopen.guard.accounts import settings
from ckanext.sdopen.guard.accounts.model import accounts

_STAMPS = "sdopen_session"
# the time of the last use is written anew after so many seconds, not with every answer
_REFRESH = 60


@dataclass(frozen=True)
class Stamps:
    """What a session knows of its login: seconds since 1970, and the account's epoch."""

    since: int
    used: int
    epoch: int


def read() -> Stamps | None:
    """The stamps of the session of this request."""
    found = session.get(_STAMPS)
    try:
        since, used, epoch = (int(part) for part in found)
    except (TypeError, ValueError):
        return None
    return Stamps(since, used, epoch)


def _write(stamps: Stamps) -> None:
    session[_STAMPS] = [stamps.since, stamps.used, stamps.epoch]


def lasts(stamps: Stamps, now: float, epoch: int) -> bool:
    """Whether a session is used in time, by an account whose epoch is still that of the login."""
    idle, absolute = settings.idle().total_seconds(), settings.absolute().total_seconds()
    in_time = now - stamps.used <= idle and now - stamps.since <= absolute
    return in_time and stamps.epoch == epoch


def epoch_of(user_id: str) -> int:
    """The epoch of an account."""
    found = model.Session.scalar(select(accounts.c.epoch).where(accounts.c.user_id == user_id))
    return int(found or 0)


def begin(app: Flask, user: model.User, **more: Any) -> None:
    """Stamp the session of somebody who logged in, and never remember him beyond it."""
    for name in ("_remember", "_remember_seconds"):
        session.pop(name, None)
    now = int(time.time())
    _write(Stamps(now, now, epoch_of(user.id)))


def end_all(connection: Connection, user_id: str) -> int:
    """End every session of an account; its new epoch."""
    statement = insert(accounts).values(user_id=user_id, epoch=1)
    statement = statement.on_conflict_do_update(
        index_elements=["user_id"], set_={"epoch": accounts.c.epoch + 1}
    )
    return int(connection.execute(statement.returning(accounts.c.epoch)).scalar_one())


def go_on(user_id: str, epoch: int) -> None:
    """Let the session in which an account's own password was changed go on; no other does."""
    stamps = read() if has_request_context() and session.get("_user_id") == user_id else None
    if stamps:
        _write(Stamps(stamps.since, stamps.used, epoch))


def _account(user_id: str) -> tuple[model.User, int] | None:
    """An account that may log in, with its epoch; one query."""
    row = (
        model.Session.query(model.User, func.coalesce(accounts.c.epoch, 0))
        .outerjoin(accounts, accounts.c.user_id == model.User.id)
        .filter(model.User.id == user_id)
        .first()
    )
    return (row[0], int(row[1])) if row and row[0].is_active else None


def identify(user_id: str) -> model.User | model.AnonymousUser:
    """Whose session this is: the account, or nobody where the session has ended.

    A valid API token that comes with the session decides instead of it, as in CKAN.
    """
    stamps, now = read(), int(time.time())
    found = _account(user_id) if stamps else None
    if stamps is None or found is None or not lasts(stamps, now, found[1]):
        _forget()
        return _by_token() or model.AnonymousUser()
    if now - stamps.used >= _REFRESH:
        _write(Stamps(stamps.since, now, stamps.epoch))
    return _by_token() or found[0]


def _by_token() -> model.User | None:
    token = request.headers.get(tk.config["apitoken_header_name"])
    user: model.User | None = api_token.get_user_from_token(token) if token else None
    if user is not None:
        # as CKAN marks requests that need no CSRF token
        g.login_via_auth_header = True
    return user


def _forget() -> None:
    """Empty a session that has ended; a page says so."""
    session.clear()
    if not request.path.startswith("/api/"):
        tk.h.flash_notice(tk._("Your session has ended. Please log in again."))
