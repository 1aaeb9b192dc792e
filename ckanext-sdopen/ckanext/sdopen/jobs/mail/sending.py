"""Sending what is due, one letter after the other, with longer and longer waits after failures."""

import logging
from datetime import timedelta
from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model
from sqlalchemy import Row, delete, insert, select, update

from ckanext.sdopen.jobs.mail.letters import WRITERS, message
from ckanext.sdopen.jobs.mail.model import mail
from ckanext.sdopen.jobs.mail.server import Refused, Silent, hand_over
from ckanext.sdopen.moments import now

log = logging.getLogger(__name__)

_LONGEST_WAIT = timedelta(hours=1)
# longer than a conversation with the mail server takes
_LEASE = timedelta(minutes=10)


def send_due(most: int = 1000) -> int:
    """Send the letters that are due, at most so many; how many were sent.

    Several processes may send at once: each takes the rows that no other holds. A letter whose
    sender is killed is sent again. Letters older than the setting says are given up.
    """
    sent = 0
    _give_up()
    for _ in range(most):
        row = _take()
        if row is None:
            break
        try:
            sent += _send(row)
        except (Silent, Refused) as error:
            _later(row, str(error))
            if isinstance(error, Silent):
                # the others would wait for the same
                break
    return sent


def _take() -> Row[Any] | None:
    """The next letter that is due, leased: no other sender takes it, and a fault holds up none."""
    asked = select(mail).where(mail.c.due <= now()).order_by(mail.c.due, mail.c.id).limit(1)
    row = model.Session.execute(asked.with_for_update(skip_locked=True)).first()
    if row is not None:
        _put_off(row, _LEASE, "its sending did not end")
    model.Session.commit()
    return row


def _put_off(row: Row[Any], wait: timedelta, error: str) -> None:
    values = {"tries": row.tries + 1, "error": error, "due": now() + wait}
    model.Session.execute(update(mail).where(mail.c.id == row.id).values(**values))


def _send(row: Row[Any]) -> int:
    """Send a row's letter, or write the letters that it asks for; the row goes with it."""
    if row.kind is None:
        hand_over(row.recipient, row.message)
    else:
        writer = WRITERS.get(row.kind)
        if writer is None:
            raise Refused(f"nothing writes letters of the kind {row.kind}")
        for letter in writer(row.about):
            values = {"recipient": letter.to, "message": message(letter)}
            statement = insert(mail).values(**values, queued=row.queued, due=now())
            model.Session.execute(statement)
    model.Session.execute(delete(mail).where(mail.c.id == row.id))
    model.Session.commit()
    return int(row.kind is None)


def _later(row: Row[Any], error: str) -> None:
    """Let a letter wait: a minute, then twice as long each time, at most an hour."""
    model.Session.rollback()
    _put_off(row, min(timedelta(minutes=2 ** min(row.tries, 10)), _LONGEST_WAIT), error)
    model.Session.commit()
    log.warning("letter %s waits: %s", row.id, error)


def _give_up() -> None:
    """Remove letters that could not be sent for days; their links have ended anyway."""
    days = int(tk.config["ckanext.sdopen.mail.days"])
    old = delete(mail).where(mail.c.queued < now() - timedelta(days=days))
    for row in model.Session.execute(old.returning(mail.c.id, mail.c.error)):
        log.error("letter %s is given up after %s days: %s", row.id, days, row.error)
    model.Session.commit()
