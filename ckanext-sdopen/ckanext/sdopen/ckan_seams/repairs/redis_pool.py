"""CKAN's connections to Redis with bounds of time: CKAN 2.12 waits without an end.

Unnecessary with a CKAN that gives its pool `socket_timeout`.
"""

import ckan.plugins.toolkit as tk
from ckan.lib import redis as ckan_redis
from redis import ConnectionPool
from redis.backoff import NoBackoff
from redis.retry import Retry


def bound(connect: float, answer: float) -> None:
    """Let connections open and answer in so many seconds, without a second attempt.

    Where CKAN has no pool of this name it bounds itself, and nothing is done.
    """
    if hasattr(ckan_redis, "_connection_pool"):
        ckan_redis._connection_pool = ConnectionPool.from_url(
            tk.config["ckan.redis.url"],
            socket_connect_timeout=connect,
            socket_timeout=answer,
            retry=Retry(NoBackoff(), 0),
        )
