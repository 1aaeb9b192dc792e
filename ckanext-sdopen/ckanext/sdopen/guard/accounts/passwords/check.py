"""Whether a password may become an account's, in words of who chose it, and how old one is."""

from datetime import datetime, timedelta

import ckan.plugins.toolkit as tk
from ckan import model
from passlib.hash import pbkdf2_sha512
from sqlalchemy import select

from ckanext.sdopen.guard.accounts import settings
from ckanext.sdopen.guard.accounts.model import accounts
from ckanext.sdopen.guard.accounts.rules import passwords
from ckanext.sdopen.guard.accounts.rules.passwords import Fault


def _sentences() -> dict[Fault, str]:
    policy = settings.password_policy()
    short = tk._("A password has at least {count} characters")
    return {
        Fault.SHORT: short.format(count=policy.length),
        Fault.LONG: tk._("A password has at most {count} characters").format(count=passwords.MOST),
        Fault.CLASSES: tk._(
            "A password has at least {count} kinds of characters:"
            " small letters, capital letters, digits, other signs"
        ).format(count=policy.classes),
        Fault.NAME: tk._("A password must not contain the user name"),
        Fault.WEAK: tk._(
            "This password is easily guessed: it consists of common words, years or sequences."
            " Choose another one"
        ),
    }


def complaints(password: str, name: str, user: model.User | None) -> list[str]:
    """Sentences on what is wrong with a new password; empty where it may be taken.

    Args:
        name: the account's name.
        user: the account, None where it is new.
    """
    policy = settings.password_policy()
    found = passwords.faults(password, name, policy)
    if found:
        said = _sentences()
        return [said[fault] for fault in found]
    if user is not None and _was_used(password, user, policy.history):
        text = tk._("This is one of the last {count} passwords of the account. Choose another one")
        return [text.format(count=policy.history)]
    return []


def _was_used(password: str, user: model.User, history: int) -> bool:
    if not history:
        return False
    asked = select(accounts.c.former_passwords).where(accounts.c.user_id == user.id)
    former = model.Session.scalar(asked) or []
    hashes = [one for one in (user.password, *former) if one and pbkdf2_sha512.identify(one)]
    return any(pbkdf2_sha512.verify(password, one) for one in hashes[:history])


def is_expired(user: model.User, moment: datetime) -> bool:
    """Whether an account's password is older than it may be at a moment (UTC)."""
    days = settings.password_policy().days
    asked = select(accounts.c.password_changed).where(accounts.c.user_id == user.id)
    changed = model.Session.scalar(asked) or user.created
    return bool(days and changed and changed < moment - timedelta(days=days))
