"""What comes between a right password and a session: a second factor, a password to renew.

While a login is under way the signed cookie says whose it is, and which steps are done; it opens
nothing but these steps, for some minutes, and ends with the account's epoch as a session does.
"""

import time
from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

from ckan import model
from ckan.common import login_user, session
from ckan.types import Response
from ckan.views.user import next_page_or_default, regenerate_session, rotate_token

from ckanext.sdopen.access import authority
from ckanext.sdopen.guard.accounts import second_factor, sessions, settings
from ckanext.sdopen.guard.accounts.passwords import check
from ckanext.sdopen.moments import now

_UNDER_WAY = "sdopen_login"
_SECONDS = 600


class Step(StrEnum):
    """A step of a login after the password."""

    CODE = "code"
    ENROL = "enrol"
    RENEW = "renew"


@dataclass(frozen=True)
class Login:
    """A login under way: whose, where to, and the steps that are done."""

    user: model.User
    target: str
    done: tuple[str, ...]


def next_step(enrolled: bool, required: bool, expired: bool, done: Collection[str]) -> Step | None:
    """The step that is left of a login; None where it is complete."""
    due = {
        Step.CODE: enrolled and Step.ENROL not in done,
        Step.ENROL: required and not enrolled,
        Step.RENEW: expired,
    }
    return next((step for step, is_due in due.items() if is_due and step not in done), None)


def due(login: Login) -> Step | None:
    """The step that is left of this login."""
    user = login.user
    return next_step(
        enrolled=second_factor.is_enrolled(user.id),
        required=is_required(user),
        expired=check.is_expired(user, now()),
        done=login.done,
    )


def is_required(user: model.User) -> bool:
    """Whether an account must have a second factor: an administrator's where a setting says so."""
    administers = user.sysadmin or authority.acts_for_authority(user.name)
    return settings.second_factor_required() and bool(administers)


def begin(user: model.User, target: str) -> Login:
    """A login whose password was right."""
    session.clear()
    login = Login(user, target, ())
    _keep(login)
    return login


def _keep(login: Login) -> None:
    session[_UNDER_WAY] = {
        "user": login.user.id,
        "epoch": sessions.epoch_of(login.user.id),
        "until": int(time.time()) + _SECONDS,
        "target": login.target,
        "done": list(login.done),
    }


def under_way() -> Login | None:
    """The login of this session that waits for a step; None where there is none any more."""
    kept = session.get(_UNDER_WAY)
    if not isinstance(kept, dict) or kept["until"] < time.time():
        return None
    user = model.User.get(kept["user"])
    if user is None or not user.is_active or sessions.epoch_of(user.id) != kept["epoch"]:
        return None
    return Login(user, kept["target"], tuple(kept["done"]))


def did(login: Login, step: Step) -> Login:
    """The login after a step."""
    done = Login(login.user, login.target, (*login.done, step))
    _keep(done)
    return done


def complete(login: Login) -> Response:
    """Log somebody in whose steps are all done, and show what he wanted."""
    session.clear()
    regenerate_session()
    login_user(login.user)
    rotate_token()
    return next_page_or_default(login.target)
