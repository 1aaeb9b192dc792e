"""The second factor of an account: its sealed secret, the codes that were used, recovery codes."""

import hashlib
import hmac
import secrets
import time
from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model
from sqlalchemy import Row, select, update
from sqlalchemy.dialects.postgresql import insert

from ckanext.sdopen.audit import log
from ckanext.sdopen.audit.kinds import Kind
from ckanext.sdopen.audit.log import Event
from ckanext.sdopen.guard.accounts.model import accounts
from ckanext.sdopen.guard.accounts.rules import sealing, totp

_PURPOSE = "second factor"
_RECOVERY_CODES = 10


def _key() -> bytes:
    return sealing.key(str(tk.config["SECRET_KEY"]), _PURPOSE)


def _row(user_id: str, lock: bool = False) -> Row[Any] | None:
    columns = (accounts.c.totp_secret, accounts.c.totp_step, accounts.c.recovery_codes)
    asked = select(*columns).where(accounts.c.user_id == user_id)
    return model.Session.execute(asked.with_for_update() if lock else asked).first()


def is_enrolled(user_id: str) -> bool:
    """Whether an account has a second factor."""
    row = _row(user_id)
    return bool(row and row.totp_secret)


def sealed(secret: bytes) -> str:
    """A secret as a cookie or a row may hold it."""
    return sealing.seal(_key(), secret)


def unsealed(text: str) -> bytes | None:
    """The secret that was sealed here; None of anything else."""
    return sealing.opened(_key(), text)


def _digest(code: str) -> str:
    plain = "".join(sign for sign in code.casefold() if sign.isalnum())
    return hmac.digest(_key(), plain.encode(), hashlib.sha256).hex()


def enrol(user_id: str, secret: bytes, code: str) -> list[str] | None:
    """Give an account a second factor whose first code was typed; commits.

    Returns:
        Ten recovery codes, which are shown once; None where the code is wrong.
    """
    step = totp.accepted(secret, code, time.time(), 0)
    if step is None:
        return None
    codes = [f"{secrets.token_hex(4)}-{secrets.token_hex(4)}" for _ in range(_RECOVERY_CODES)]
    values = {
        "totp_secret": sealed(secret),
        "totp_step": step,
        "recovery_codes": [_digest(one) for one in codes],
    }
    statement = insert(accounts).values(user_id=user_id, **values)
    statement = statement.on_conflict_do_update(index_elements=["user_id"], set_=values)
    model.Session.execute(statement)
    log.record([Event(Kind.TOTP_CHANGE, user_id, "user", details={"factor": "set"})])
    model.Session.commit()
    return codes


def accepts(user_id: str, code: str) -> bool:
    """Whether a code is the account's, now or a recovery code; none is taken twice. Commits."""
    row = _row(user_id, lock=True)
    secret = unsealed(row.totp_secret) if row and row.totp_secret else None
    values: dict[str, Any] = {}
    if row and secret:
        step = totp.accepted(secret, code, time.time(), row.totp_step)
        if step is not None:
            values = {"totp_step": step}
        elif (used := _digest(code)) in row.recovery_codes:
            values = {"recovery_codes": [one for one in row.recovery_codes if one != used]}
    if values:
        statement = update(accounts).where(accounts.c.user_id == user_id)
        model.Session.execute(statement.values(**values))
    model.Session.commit()
    return bool(values)


def remove(user_id: str) -> None:
    """Take the second factor from an account; commits."""
    values: dict[str, Any] = {"totp_secret": None, "totp_step": 0, "recovery_codes": []}
    model.Session.execute(update(accounts).where(accounts.c.user_id == user_id).values(**values))
    log.record([Event(Kind.TOTP_CHANGE, user_id, "user", details={"factor": "removed"})])
    model.Session.commit()
