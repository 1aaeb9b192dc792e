"""Enrolling a phone as second factor: a secret is offered until its first code is typed."""

from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.common import session

from ckanext.sdopen.guard.accounts import second_factor
from ckanext.sdopen.guard.accounts.rules import totp

_OFFERED = "sdopen_offered"


def offer(user: model.User) -> dict[str, Any]:
    """The secret that this session offers to an account, the same until it is taken."""
    secret = _offered(user)
    if secret is None:
        secret = totp.new_secret()
        # the cookie is signed, not secret
        session[_OFFERED] = [user.id, second_factor.sealed(secret)]
    text = totp.written(secret)
    groups = [text[start : start + 4] for start in range(0, len(text), 4)]
    issuer = str(tk.config["ckan.site_title"])
    return {
        "secret": " ".join(groups),
        "address": totp.address(secret, user.name, issuer),
        "error": "",
    }


def _offered(user: model.User) -> bytes | None:
    kept = session.get(_OFFERED)
    if not isinstance(kept, list) or kept[0] != user.id:
        return None
    return second_factor.unsealed(kept[1])


def take(user: model.User, code: str) -> list[str] | None:
    """Enrol with the offered secret; the recovery codes, None where the code is wrong."""
    secret = _offered(user)
    codes = second_factor.enrol(user.id, secret, code) if secret else None
    if codes:
        session.pop(_OFFERED, None)
    return codes


def wrong_code() -> str:
    """What somebody is told whose first code does not fit."""
    return tk._("This code does not fit. Check the clock of the phone, and type the next code.")
