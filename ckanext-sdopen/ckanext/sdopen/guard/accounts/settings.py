"""Typed readers of the settings of accounts; each is declared in config_declaration.yaml."""

from datetime import timedelta

import ckan.plugins.toolkit as tk
from ckan.common import CKANConfig

from ckanext.sdopen.guard.accounts.rules import addresses
from ckanext.sdopen.guard.accounts.rules.passwords import Policy

_PREFIX = "ckanext.sdopen.guard."


def _number(option: str) -> int:
    return int(tk.config[_PREFIX + option])


def idle() -> timedelta:
    """How long a session lasts without a request."""
    return timedelta(minutes=_number("session_idle_minutes"))


def absolute() -> timedelta:
    """How long a session lasts at most."""
    return timedelta(hours=_number("session_hours"))


def lockout() -> tuple[int, timedelta]:
    """After how many failures, and for how long, an account or an address is locked."""
    return _number("lockout_failures"), timedelta(minutes=_number("lockout_minutes"))


def letters() -> tuple[int, timedelta]:
    """How many letters one address may have sent, or get, in which time."""
    return _number("letters"), timedelta(minutes=_number("letters_minutes"))


def link_life() -> timedelta:
    """How long the link of a letter can be used."""
    return timedelta(hours=_number("link_hours"))


def password_policy() -> Policy:
    """What passwords must be."""
    return Policy(
        length=_number("password_length"),
        classes=_number("password_classes"),
        history=_number("password_history"),
        days=_number("password_days"),
    )


def proxies() -> list[str]:
    """Whose X-Forwarded-For is believed: addresses, networks, `unix`."""
    return [str(one) for one in tk.config[_PREFIX + "proxies"]]


def token_life() -> timedelta:
    """How long an API token can be used."""
    return timedelta(days=_number("token_days"))


def second_factor_required() -> bool:
    """Whether administrators must have a second factor."""
    return bool(tk.config[_PREFIX + "second_factor_required"])


def prepare_cookies(config: CKANConfig) -> None:
    """Bound the life of the session's cookie, and let it go over https only where the portal does.

    Called while plugins are loaded, before the web application reads these settings of Flask.
    """
    if str(config.get("ckan.site_url") or "").startswith("https://"):
        config["SESSION_COOKIE_SECURE"] = True
        config["REMEMBER_COOKIE_SECURE"] = True
    hours = int(config.get(_PREFIX + "session_hours") or 8)
    config["PERMANENT_SESSION_LIFETIME"] = hours * 3600


def check_proxies(config: CKANConfig) -> None:
    """Let a wrong address of a proxy be found when the portal starts, not with each request.

    Raises:
        ValueError: one of them is no address and no network.
    """
    written = config.get(_PREFIX + "proxies") or ""
    addresses.networks(written.split() if isinstance(written, str) else written)
