"""Every package into the index anew, in stripes of ids.

Rows are held FOR SHARE as the drainer holds them, so nothing that is written meanwhile is lost.
"""

import time
from collections.abc import Iterator
from dataclasses import dataclass

from ckan import model
from sqlalchemy import func, select

from ckanext.sdopen.catalog import scopes
from ckanext.sdopen.catalog.by_index import by_index
from ckanext.sdopen.search import indexing, posting
from ckanext.sdopen.search.indexing import Outcome

_TRIES = 30


@dataclass(frozen=True)
class Stripe:
    """A range of ids, after `after` up to `to` and with it."""

    number: int
    after: str
    to: str
    count: int


def _ids(after: str, to: str, limit: int) -> list[str]:
    package = model.Package
    rows = (
        select(package.id)
        .where(package.id > after, package.id <= to)
        .where(package.state != model.State.DELETED)
        .order_by(package.id)
        .limit(limit)
    )
    return list(model.Session.scalars(rows))


def stripes(count: int) -> list[Stripe]:
    """All packages in about equal ranges of ids, in the order in which the database compares."""
    package = model.Package
    tile = func.ntile(count).over(order_by=package.id).label("tile")
    numbered = select(package.id, tile).where(package.state != model.State.DELETED).subquery()
    asked = (
        select(numbered.c.tile, func.max(numbered.c.id), func.count())
        .group_by(numbered.c.tile)
        .order_by(numbered.c.tile)
    )
    found, last = [], ""
    for number, highest, size in model.Session.execute(asked):
        found.append(Stripe(number, last, highest, size))
        last = highest
    model.Session.rollback()
    return found


def _patiently(ids: list[str]) -> Outcome:
    """Index a batch; Solr may be restarting or choosing a leader."""
    pause = 1.0
    for attempt in range(_TRIES):
        try:
            # as the drainer, whose newer documents must not be overtaken by older labels
            scopes.forget()
            by_index()
            return indexing.index_patiently(ids)
        except posting.SolrSilent:
            if attempt == _TRIES - 1:
                raise
        finally:
            model.Session.rollback()
            model.Session.remove()
        time.sleep(pause)
        pause = min(pause * 2, 15.0)
    raise AssertionError("the last attempt raises")


def index_stripe(stripe: Stripe) -> Iterator[tuple[str, Outcome]]:
    """Index the packages of a range; after each batch the last id, and what became of it."""
    last = stripe.after
    while ids := _ids(last, stripe.to, indexing.batch_size()):
        model.Session.rollback()
        outcome = _patiently(ids)
        last = ids[-1]
        yield last, outcome


def rebuild() -> Outcome:
    """Index every package in this process, and wait until all can be found."""
    whole = Outcome()
    for stripe in stripes(1):
        for _, outcome in index_stripe(stripe):
            whole += outcome
    posting.hard_commit(visible=True)
    return whole
