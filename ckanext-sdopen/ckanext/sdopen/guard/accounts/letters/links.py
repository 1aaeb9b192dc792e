"""Links of letters: signed, with an end, used once."""

from datetime import datetime
from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model
from itsdangerous import BadData, URLSafeTimedSerializer
from sqlalchemy import func

from ckanext.sdopen.guard.accounts import settings
from ckanext.sdopen.linked_data import addresses

_PURPOSE = "sdopen registration"


def address(language: str, path: str) -> str:
    """A page of the portal in a language, for a letter, which is written outside of requests."""
    return f"{addresses.portal()}/{language}{path}"


def _signer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(str(tk.config["SECRET_KEY"]), salt=_PURPOSE)


def confirmation(email: str) -> str:
    """What proves that whoever has it reads the mail of an address."""
    return str(_signer().dumps(email))


def confirmed(token: str) -> str | None:
    """The mail address that a link proves; None where it has ended, was used or is not ours.

    It was used when an account of this address was made after it: one link makes one account.
    """
    life = int(settings.link_life().total_seconds())
    try:
        email, signed = _signer().loads(token, max_age=life, return_timestamp=True)
    except BadData:
        return None
    return None if _was_used(email, signed) else str(email)


def _was_used(email: str, signed: datetime) -> bool:
    # CKAN notes when an account was made by the clock of the wall
    local: Any = signed.astimezone().replace(tzinfo=None)
    user = model.User
    made = model.Session.query(user.id).filter(func.lower(user.email) == email.lower())
    return made.filter((user.created >= local) | (user.state != "deleted")).first() is not None
