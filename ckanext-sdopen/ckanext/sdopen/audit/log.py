"""Writing the audit log: rows of writes in the write's own transaction, others by themselves.

A row that cannot be written fails what it tells of: nothing is done that no row tells.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from ckan import model
from sqlalchemy import event, text

from ckanext.sdopen.audit.kinds import Kind, Result
from ckanext.sdopen.audit.source import Source, current, plain

# what is said of an event may hold names and codes; whole records stand in the activities
_DETAILS = 8_000
_PENDING = "sdopen_audit"
_INSERT = text(
    """
    INSERT INTO sdopen_audit (account_id, account, kind, result, object_type, object_id,
        address, request_id, details)
    SELECT * FROM unnest(
        CAST(:account_id AS text[]), CAST(:account AS text[]), CAST(:kind AS text[]),
        CAST(:result AS text[]), CAST(:object_type AS text[]), CAST(:object_id AS text[]),
        CAST(:address AS text[]), CAST(:request_id AS text[]), CAST(:details AS jsonb[]))
    """
)


@dataclass(frozen=True, slots=True)
class Event:
    """One event: its kind, how it ended, what it was done to, and what else is to be known."""

    kind: Kind
    object_id: str = ""
    object_type: str = "entry"
    result: Result = Result.DONE
    details: Mapping[str, Any] = field(default_factory=dict)


def record(events: Sequence[Event], user: str = "") -> None:
    """Write rows with the session's next commit, in its transaction; a rollback drops them.

    Args:
        events: what is being done.
        user: name or id of the account that acts; without one that of the request.
    """
    if events:
        source = current(user)
        _pending().extend((source, one) for one in events)


def record_now(events: Sequence[Event], user: str = "") -> None:
    """Write rows at once by a connection of their own: of refusals and of what is only read."""
    if events:
        source = current(user)
        with model.meta.engine.begin() as connection:
            connection.execute(_INSERT, _parameters([(source, one) for one in events]))


@contextmanager
def recorded(*events: Event, user: str = "") -> Iterator[None]:
    """While an action does what events tell and commits it; where it fails, no row is left."""
    record(events, user)
    try:
        yield
    except BaseException:
        pending = _pending()
        pending[:] = [one for one in pending if not any(one[1] is event for event in events)]
        raise


def _pending() -> list[tuple[Source, Event]]:
    found: list[tuple[Source, Event]] = model.Session().info.setdefault(_PENDING, [])
    return found


def _parameters(rows: Sequence[tuple[Source, Event]]) -> dict[str, list[str]]:
    return {
        "account_id": [source.account_id for source, _ in rows],
        "account": [source.account for source, _ in rows],
        "kind": [one.kind.value for _, one in rows],
        "result": [one.result.value for _, one in rows],
        "object_type": [one.object_type for _, one in rows],
        "object_id": [plain(one.object_id) for _, one in rows],
        "address": [source.address for source, _ in rows],
        "request_id": [source.request_id for source, _ in rows],
        "details": [_json(one.details) for _, one in rows],
    }


def _json(details: Mapping[str, Any]) -> str:
    if not details:
        return "{}"
    said = plain(json.dumps(details, default=str, ensure_ascii=False).replace("\\u0000", ""))
    return (
        said if len(said) <= _DETAILS else json.dumps({"cut": said[:_DETAILS]}, ensure_ascii=False)
    )


def _write_pending(session: Any) -> None:
    """Before a commit: the rows of what it makes true."""
    pending = session.info.get(_PENDING)
    if pending and not session.in_nested_transaction():
        rows, session.info[_PENDING] = list(pending), []
        session.execute(_INSERT, _parameters(rows))


def _drop_pending(session: Any, *more: Any) -> None:
    """After a rollback of all: what did not happen is not told."""
    session.info.pop(_PENDING, None)


event.listen(model.Session, "before_commit", _write_pending)
event.listen(model.Session, "after_rollback", _drop_pending)
