"""The difference of a pair as it stands: kept, under way, or asked for just now."""

import io
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model
from sqlalchemy import Row

from ckanext.sdopen import moments
from ckanext.sdopen.jobs import queues
from ckanext.sdopen.jobs.states import State
from ckanext.sdopen.table_publishing.comparing import kept, settings
from ckanext.sdopen.table_publishing.comparing.compare_job import TABLE_COMPARE
from ckanext.sdopen.table_publishing.comparing.kept import Kept
from ckanext.sdopen.table_publishing.comparing.pairs import Pair
from ckanext.sdopen.tables.comparing.compare import ADDED, CHANGED, REMOVED

# whoever asks, all wait together
_NOBODY = ""
_AGAIN = timedelta(minutes=10)


def find(pair: Pair) -> tuple[Kept | None, dict[str, Any]]:
    """(the difference for the caller to close, None until it is made; how far it is).

    How far: `{"state": done, waiting, running or failed, "done", "total": per cent, "ahead": jobs
    that come before, "error": a sentence or null}`. What is not there is queued.

    Raises:
        ValidationError: too many wait.
    """
    found = _nothing(pair) if pair.before.hash == pair.after.hash else kept.find(pair.name)
    if found is not None:
        return found, _standing(State.DONE, done=100)
    row = queues.latest(TABLE_COMPARE, [pair.key]).get(pair.key)
    if row is None or _is_to_be_made(row):
        return None, _queued(pair)
    more = {"done": row.done or 0, "ahead": queues.ahead(row), "error": row.error}
    return None, _standing(row.state, **more)


def _nothing(pair: Pair) -> Kept:
    """The difference of a version and itself."""
    none: dict[str, list[str]] = {ADDED: [], REMOVED: [], "retyped": []}
    counts = {ADDED: 0, REMOVED: 0, CHANGED: 0, "told": 0}
    keys = [column.name for column in pair.after.columns if column.key]
    return Kept({"by": keys, **counts, "cells": {}, "columns": none}, io.StringIO())


def _is_to_be_made(row: Row[Any]) -> bool:
    """Whether what ended has gone since, or failed so long ago that it is worth another try."""
    if row.state == State.FAILED:
        return bool(row.ended < moments.instant() - _AGAIN)
    return row.state in (State.DONE, State.CANCELLED)


def _queued(pair: Pair) -> dict[str, Any]:
    payload: Mapping[str, Any] = {
        "resource": pair.new.version.table,
        "from": pair.old.number,
        "to": pair.new.number,
    }
    try:
        queues.refuse_beyond(TABLE_COMPARE, _NOBODY, settings.most_waiting())
        queues.enqueue(TABLE_COMPARE, payload, subject=pair.key, account=_NOBODY)
    except queues.TooMany:
        model.Session.rollback()
        message = tk._("Too many versions are being compared; ask again in some minutes")
        raise tk.ValidationError({"from": [message]}) from None
    except queues.AlreadyQueued:
        pass
    model.Session.commit()
    row: Row[Any] | None = queues.latest(TABLE_COMPARE, [pair.key]).get(pair.key)
    return _standing(State.WAITING, ahead=queues.ahead(row) if row else 0)


def _standing(state: str, **more: Any) -> dict[str, Any]:
    nothing = {"done": 0, "total": 100, "ahead": 0, "error": None}
    return {"state": str(state), **nothing, **more}
