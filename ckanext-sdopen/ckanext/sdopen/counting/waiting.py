"""Counts that wait in Redis: one command adds one, and nobody waits for Redis where it is away."""

import logging
import uuid
from collections.abc import Iterator
from contextlib import suppress
from datetime import date

import ckan.plugins.toolkit as tk
import redis
from ckan.lib.redis import connect_to_redis

from ckanext.sdopen.counting.fields import Counted, of_field

log = logging.getLogger(__name__)


def _key() -> str:
    return f"sdopen:{tk.config['ckan.site_id']}:counts"


def add(kind: str, subject: str, day: date) -> None:
    """Count one; where Redis is away it is lost, and the request goes on."""
    try:
        connect_to_redis().hincrby(_key(), Counted(kind, day, subject).field(), 1)
    except redis.RedisError as error:
        log.warning("a count is lost: %s", type(error).__name__)


def portions() -> Iterator[str]:
    """Portions of counts to which nothing is added any more, also what an earlier process left."""
    client = connect_to_redis()
    # an error where nothing was counted since
    with suppress(redis.ResponseError):
        client.rename(_key(), f"{_key()}:{uuid.uuid4().hex}")
    for name in client.scan_iter(match=f"{_key()}:*"):
        yield name.decode()


def content(portion: str) -> dict[Counted, int]:
    """What stands in a portion."""
    found: dict[Counted, int] = {}
    for field, number in connect_to_redis().hgetall(portion).items():
        counted = of_field(field.decode())
        if counted:
            found[counted] = int(number)
    return found


def forget(portion: str) -> None:
    """Remove a portion that was brought in."""
    connect_to_redis().delete(portion)
