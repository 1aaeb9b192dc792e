"""Whether a name and a password belong together, at the same cost for every name.

For a name that nobody bears, an account that is disabled or one without a password, a hash is
computed all the same: neither the answer nor its time tells which accounts exist.
"""

from functools import lru_cache

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.lib import signals
from flask import request
from passlib.hash import pbkdf2_sha512
from sqlalchemy import case, func, or_

from ckanext.sdopen.audit import log
from ckanext.sdopen.audit.kinds import Kind
from ckanext.sdopen.audit.log import Event
from ckanext.sdopen.errors import SdopenError
from ckanext.sdopen.guard.accounts import changes, settings
from ckanext.sdopen.guard.accounts.login import lockout
from ckanext.sdopen.guard.accounts.rules import addresses

# of what people type; a longer or odder text is no account's name or mail address
_LONGEST = 320


class Locked(SdopenError):
    """Too many failures of this account or from this address; says nothing about which exists."""


def address() -> str:
    """The address from which this request comes, as the configured proxies tell it."""
    forwarded = request.headers.get("X-Forwarded-For", "")
    return addresses.client(request.remote_addr or "", forwarded, settings.proxies())


def account_of(typed: str) -> model.User | None:
    """The account of a name or mail address, an active one before others; one query."""
    if not typed or "\0" in typed or len(typed) > _LONGEST:
        return None
    user = model.User
    query = model.Session.query(user)
    query = query.filter(or_(user.name == typed, func.lower(user.email) == typed.lower()))
    active = case((user.state == model.State.ACTIVE, 0), else_=1)
    named = case((user.name == typed, 0), else_=1)
    found: model.User | None = query.order_by(named, active, user.created).first()
    return found


@lru_cache(maxsize=1)
def _nobodys() -> str:
    """A hash that no password has, as costly as that of a new one; making it costs nothing."""
    rounds, salt = pbkdf2_sha512.default_rounds, b"\0" * pbkdf2_sha512.default_salt_size
    return str(pbkdf2_sha512(salt=salt, rounds=rounds, checksum=b"\0" * 64).to_string())


def belongs(password: str, user: model.User | None) -> bool:
    """Whether this is the password of an account that may log in."""
    if user is None or not user.is_active or not user.password or not password:
        pbkdf2_sha512.verify(password, _nobodys())
        return False
    with changes.same_password():
        return bool(user.validate_password(password))


def tried(typed: str, password: str) -> model.User | None:
    """The account of a name or mail address and a password; None where they do not match.

    Raises:
        Locked: there were too many failures.
    """
    user = account_of(typed)
    account = lockout.account_key(user.id if user else None, typed)
    source = lockout.address_key(address())
    if not lockout.take(account, source):
        signals.failed_login.send(typed)
        raise Locked(locked_sentence())
    if not belongs(password, user):
        signals.failed_login.send(typed)
        if lockout.is_locked(account):
            _tell_lock(user, typed)
        return None
    lockout.forgive(account, source)
    return user


def _tell_lock(user: model.User | None, typed: str) -> None:
    """Record that this failure locked an account, or a name that nobody bears."""
    log.record_now([Event(Kind.LOCK, user.id if user else "", "user")], typed)


def locked_sentence() -> str:
    """What somebody is told who failed too often, whether the account exists or not."""
    _, time = settings.lockout()
    minutes = int(time.total_seconds() // 60)
    text = tk._("Too many failed attempts. Try again in {minutes} minutes.")
    return text.format(minutes=minutes)
