"""Connections that stay open over many requests, as in a portal; CKAN's tests begin each anew."""

from collections.abc import Iterator
from contextlib import contextmanager

from ckan import model
from sqlalchemy.pool import QueuePool


@contextmanager
def kept() -> Iterator[None]:
    """Keep the connections to CKAN's database for the while."""
    engine = model.meta.engine
    own = engine.pool
    pool = QueuePool(own._creator, pool_size=10, _dispatch=own.dispatch, dialect=own._dialect)
    model.Session.remove()
    engine.pool = pool
    try:
        yield
    finally:
        model.Session.remove()
        engine.pool = own
        pool.dispose()
