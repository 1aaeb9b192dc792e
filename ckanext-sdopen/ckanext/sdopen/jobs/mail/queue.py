"""Queueing mail: a row in the table, with the change that it tells of."""

from collections.abc import Iterable, Mapping
from typing import Any

from ckan import model
from sqlalchemy import func, insert, select

from ckanext.sdopen.jobs.mail.letters import Letter, message
from ckanext.sdopen.jobs.mail.model import mail
from ckanext.sdopen.moments import now


def enqueue(to: str, subject: str, body: str, name: str = "") -> None:
    """Queue a letter in the transaction of the caller, who commits."""
    letter = Letter(to, subject, body, name)
    model.Session.execute(insert(mail).values(**_row(letter.to, message(letter))))


def enqueue_about(kind: str, about: Mapping[str, Any]) -> None:
    """Queue that letters of a kind be written about something, in the caller's transaction.

    Whom they go to is looked up when they are written, so that asking for them costs the same and
    is answered the same whether there is anybody.
    """
    values = {"kind": kind, "about": dict(about), "queued": now(), "due": now()}
    model.Session.execute(insert(mail).values(**values))


def enqueue_at_once(
    letter: Letter,
    html: str | None = None,
    headers: Mapping[str, Any] | None = None,
    attachments: Iterable[tuple[Any, ...]] = (),
) -> None:
    """Queue a letter in a transaction of its own, as somebody expects who would send it now."""
    values = _row(letter.to, message(letter, html, headers, attachments))
    with model.meta.engine.begin() as connection:
        connection.execute(insert(mail).values(**values))


def _row(to: str, made: bytes) -> dict[str, Any]:
    return {"recipient": to, "message": made, "queued": now(), "due": now()}


def waiting() -> int:
    """How many letters wait."""
    return int(model.Session.scalar(select(func.count()).select_from(mail)) or 0)
