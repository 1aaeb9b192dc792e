"""What follows when an account gets another password or is disabled, however that is written.

The form, the API, a reset and the command line all end in the same row, so its change is watched:
in the same transaction sessions end, API tokens go, and the former password is kept (as a hash)
so that it does not come again soon.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from ckan import model
from ckan.model.api_token import api_token_table
from ckan.model.user import user_table
from sqlalchemy import delete, event, inspect, select, update
from sqlalchemy.engine import Connection

from ckanext.sdopen.guard.accounts import sessions, settings
from ckanext.sdopen.guard.accounts.model import accounts
from ckanext.sdopen.moments import now

_hashed_anew: ContextVar[bool] = ContextVar("hashed_anew", default=False)


@contextmanager
def same_password() -> Iterator[None]:
    """While a password is compared its hash may be renewed, which is no change of it."""
    token = _hashed_anew.set(True)
    try:
        yield
    finally:
        _hashed_anew.reset(token)


def _changed(user: model.User, name: str) -> bool:
    return bool(inspect(user).attrs[name].history.has_changes())


def on_update(_mapper: Any, connection: Connection, user: model.User) -> None:
    """Before a row of an account is written: end what its change ends."""
    password = _changed(user, "_password") and not _hashed_anew.get()
    disabled = _changed(user, "state") and user.state == model.State.DELETED
    if not (password or disabled):
        return
    epoch = sessions.end_all(connection, user.id)
    connection.execute(delete(api_token_table).where(api_token_table.c.user_id == user.id))
    if password:
        _remember_former(connection, user.id)
    if not disabled:
        sessions.go_on(user.id, epoch)


def _remember_former(connection: Connection, user_id: str) -> None:
    row = accounts.c.user_id == user_id
    known = connection.scalar(select(accounts.c.former_passwords).where(row)) or []
    present = connection.scalar(select(user_table.c.password).where(user_table.c.id == user_id))
    most = max(settings.password_policy().history - 1, 0)
    former = [*filter(None, [present]), *known][:most]
    values = {"former_passwords": former, "password_changed": now()}
    connection.execute(update(accounts).where(row).values(**values))


def watch() -> None:
    """Watch the accounts of this process; once, however often plugins are loaded."""
    if not event.contains(model.User, "before_update", on_update):
        event.listen(model.User, "before_update", on_update)
