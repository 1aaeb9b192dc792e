"""The first answer of every batch: a client that did not hear it gets it again."""

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import ckan.plugins.toolkit as tk
import orjson
from ckan import model
from sqlalchemy import delete, select, text

from ckanext.sdopen.bulk.model import receipts
from ckanext.sdopen.moments import now
from ckanext.sdopen.standard.values import FORBIDDEN

_LOCK = text("SELECT pg_advisory_xact_lock(hashtextextended(:key, 0))")


class OtherContent(Exception):
    """The key was given to another batch."""


def _dumped(value: Any) -> bytes:
    try:
        return orjson.dumps(value, option=orjson.OPT_SORT_KEYS)
    except TypeError:
        # halves of surrogate pairs, which are no UTF-8; numbers beyond 64 bits
        return json.dumps(value, sort_keys=True).encode()


def digest(sent: Any) -> str:
    """A hash of a value of JSON, whatever the order of the keys in its objects."""
    return hashlib.sha256(_dumped(sent)).hexdigest()


def digest_of_record(record: Any) -> tuple[str, bool]:
    """(hash of a record, whether it holds what PostgreSQL or UTF-8 refuse)."""
    dumped = _dumped(record)
    # the bytes say where a second look is worth it
    suspect = b"\\u0000" in dumped or b"\\ud" in dumped
    return hashlib.sha256(dumped).hexdigest(), suspect and is_odd(record)


def is_odd(value: Any) -> bool:
    """Whether a value of JSON holds what PostgreSQL or UTF-8 refuse."""
    if isinstance(value, str):
        return FORBIDDEN.search(value) is not None
    if isinstance(value, Mapping):
        return any(is_odd(part) for pair in value.items() for part in pair)
    return isinstance(value, list) and any(map(is_odd, value))


def together(*parts: str) -> str:
    """A hash of several texts in their order."""
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def once(
    user_id: str,
    key: str,
    content: str,
    write: Callable[[], dict[str, Any]],
    after: Callable[[], None] = lambda: None,
    commits: bool = False,
) -> dict[str, Any]:
    """The first answer of a batch; of a new one what `write` answers, kept and committed with it.

    `after` is called after that commit. A batch without a key is always new. Of two requests with
    one key the second waits until the first has ended, also where `write` `commits` in between.

    Raises:
        OtherContent: the key belongs to a batch of other content.
    """
    with _alone(user_id, key, commits):
        first = _first_answer(user_id, key, content) if key else None
        if first is not None:
            model.Session.rollback()
            return first
        answer = write()
        if key:
            _store(user_id, key, content, answer)
        model.Session.commit()
    after()
    return answer


@contextmanager
def _alone(user_id: str, key: str, commits: bool) -> Iterator[None]:
    lock = {"key": f"sdopen-bulk {user_id} {key}"}
    if not key:
        yield
    elif commits:
        # by a transaction of its own: the lock of the session's ends with the first commit
        with model.meta.engine.begin() as own:
            own.execute(_LOCK, lock)
            yield
    else:
        model.Session.execute(_LOCK, lock)
        yield


def _first_answer(user_id: str, key: str, content: str) -> dict[str, Any] | None:
    """The stored answer of a batch; None where it is new.

    Raises:
        OtherContent: the key belongs to a batch of other content.
    """
    found = model.Session.execute(
        select(receipts.c.digest, receipts.c.answer).where(
            receipts.c.user_id == user_id, receipts.c.key == key
        )
    ).first()
    if found is None:
        return None
    if found.digest != content:
        raise OtherContent
    answer: dict[str, Any] = json.loads(found.answer)
    return answer


def _store(user_id: str, key: str, content: str, answer: Mapping[str, Any]) -> None:
    """Keep the answer in the batch's own transaction."""
    model.Session.execute(
        receipts.insert().values(
            user_id=user_id,
            key=key,
            run=answer["run"],
            digest=content,
            counts=answer["counts"],
            # escaped: a sentence may quote what no UTF-8 holds
            answer=json.dumps(answer),
            created=now(),
        )
    )


def counts(user_id: str, run: str) -> dict[str, int]:
    """{result: how many} of all batches of a run."""
    rows = model.Session.execute(
        select(receipts.c.counts).where(receipts.c.user_id == user_id, receipts.c.run == run)
    ).scalars()
    totals: dict[str, int] = {}
    for row in rows:
        for result, count in row.items():
            totals[result] = totals.get(result, 0) + count
    return totals


def forget_old() -> int:
    """Drop answers older than `ckanext.sdopen.bulk.answers_days`; no commit."""
    days = int(tk.config["ckanext.sdopen.bulk.answers_days"])
    done = model.Session.execute(
        delete(receipts).where(receipts.c.created < now() - timedelta(days=days))
    )
    return int(done.rowcount)
