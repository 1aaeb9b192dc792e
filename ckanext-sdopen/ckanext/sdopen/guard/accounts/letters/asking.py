"""Asking for a letter: the same work and the same answer whether there is an account or not."""

from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model

from ckanext.sdopen.errors import SdopenError
from ckanext.sdopen.guard.accounts import settings
from ckanext.sdopen.guard.accounts.login import credentials, lockout
from ckanext.sdopen.jobs.mail import queue
from ckanext.sdopen.language import language


class TooMany(SdopenError):
    """So many letters were asked for from this address that no more is sent for now."""


def ask(kind: str, recipient: str, about: dict[str, Any]) -> None:
    """Have letters written about something, not too many to one recipient, and tell nobody which.

    Raises:
        TooMany: from this address too many were asked for.
    """
    most, time = settings.letters()
    source = credentials.address()
    if not lockout.allow("asks:" + lockout.address_key(source), most, time):
        raise TooMany
    # to whom too many were sent nothing is sent, and the answer does not say so
    if lockout.allow("gets:" + lockout.account_key(None, recipient), most, time):
        queue.enqueue_about(kind, {**about, "language": language()})
        model.Session.commit()


def too_many() -> str:
    """What somebody is told who asked for too many letters."""
    minutes = int(settings.letters()[1].total_seconds() // 60)
    text = tk._("Too many letters were asked for. Try again in {minutes} minutes.")
    return text.format(minutes=minutes)
