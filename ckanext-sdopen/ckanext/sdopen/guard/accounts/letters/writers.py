"""The letters of accounts, written when they are sent: whom they go to is looked up only then."""

import secrets
import time
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from typing import Any

import ckan.plugins.toolkit as tk
from babel.support import NullTranslations, Translations
from ckan import model
from ckan.lib import signals
from sqlalchemy import func, or_

from ckanext.sdopen.guard.accounts import settings
from ckanext.sdopen.guard.accounts.letters import links
from ckanext.sdopen.jobs.mail.letters import WRITERS, Letter
from ckanext.sdopen.paths import PACKAGE

REGISTRATION, RESET = "registration", "reset"
_DOMAIN = "ckanext-sdopen"
# letters to the accounts of one mail address, or of one name
_MOST = 20


@lru_cache(maxsize=8)
def _texts(language: str) -> Callable[[str], str]:
    """The texts of a language, outside of requests."""
    found: NullTranslations = Translations.load(str(PACKAGE / "i18n"), [language], _DOMAIN)
    return found.gettext


def _hours() -> int:
    return int(settings.link_life().total_seconds() // 3600)


def _language(about: Mapping[str, Any]) -> str:
    offered = tk.config["ckan.locales_offered"] or [tk.config["ckan.locale_default"]]
    asked = str(about.get("language"))
    return asked if asked in offered else str(tk.config["ckan.locale_default"])


def registration(about: Mapping[str, Any]) -> Iterator[Letter]:
    """To whoever reads the mail of an address: how to go on, or that there is an account."""
    language, email = _language(about), str(about["email"])
    _ = _texts(language)
    title = tk.config["ckan.site_title"]
    subject = _("Your account at {portal}").format(portal=title)
    if _active(email) is None:
        address = links.address(
            language, f"/user/register/confirm?link={links.confirmation(email)}"
        )
        body = _(
            "Somebody, probably you, wants to make an account at {portal} with this mail address."
            " Choose a name and a password here, within {hours} hours:"
            "\n\n{address}\n\nIf it was not you, ignore this letter."
        )
    else:
        address = links.address(language, "/user/reset")
        body = _(
            "Somebody, probably you, wants to make an account at {portal} with this mail address,"
            " which already has one. If you forgot its password, ask for a new one here:"
            "\n\n{address}\n\nIf it was not you, ignore this letter."
        )
    yield Letter(email, subject, body.format(portal=title, hours=_hours(), address=address))


def _active(email: str) -> model.User | None:
    user = model.User
    query = model.Session.query(user).filter(func.lower(user.email) == email.lower())
    found: model.User | None = query.filter(user.state != model.State.DELETED).first()
    return found


def reset(about: Mapping[str, Any]) -> Iterator[Letter]:
    """To the accounts of a name or mail address: how to choose a new password."""
    language, typed = _language(about), str(about["login"])
    _ = _texts(language)
    title = tk.config["ckan.site_title"]
    for user in _accounts(typed):
        user.reset_key = new_key()
        path = f"/user/reset/{user.id}?key={user.reset_key}"
        body = _(
            "Somebody, probably you, wants a new password for the account {name} at {portal}."
            " Choose it here, within {hours} hours:"
            "\n\n{address}\n\nIf it was not you, ignore this letter: nothing has changed."
        )
        words = {"name": user.name, "portal": title, "hours": _hours()}
        text = body.format(**words, address=links.address(language, path))
        subject = _("A new password at {portal}").format(portal=title)
        yield Letter(user.email, subject, text, user.display_name)
        signals.request_password_reset.send(user.name, user=user)


def _accounts(typed: str) -> list[model.User]:
    """Accounts of a name or mail address that may get a password: invited ones, too."""
    user = model.User
    query = model.Session.query(user).filter(
        or_(user.name == typed, func.lower(user.email) == typed.lower()),
        user.state != model.State.DELETED,
        user.email.isnot(None),
        user.email != "",
    )
    return list(query.order_by(user.name).limit(_MOST))


def new_key() -> str:
    """The key of a link that resets a password; it tells when it was made."""
    return f"{secrets.token_hex(16)}.{int(time.time())}"


def is_fresh(key: str) -> bool:
    """Whether a key of `new_key` may still be used; an invitation's tells no time and lasts."""
    _, dot, made = key.partition(".")
    if not dot:
        return False
    return made.isdigit() and time.time() - int(made) <= settings.link_life().total_seconds()


def register() -> None:
    """Let the queue know who writes these letters."""
    WRITERS.update({REGISTRATION: registration, RESET: reset})
