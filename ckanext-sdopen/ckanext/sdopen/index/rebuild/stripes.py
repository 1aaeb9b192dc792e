"""Every package into the index anew, in stripes of ids.

Rows are held FOR SHARE as the drainer holds them, so nothing that is written meanwhile is lost.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from ckan import model
from sqlalchemy import func, select
from tenacity import Retrying, retry_if_exception, stop_after_attempt, wait_exponential

from ckanext.sdopen.access import scopes
from ckanext.sdopen.directory import outbox
from ckanext.sdopen.directory.planner_hint import by_index
from ckanext.sdopen.index import solr
from ckanext.sdopen.index.documents import send
from ckanext.sdopen.index.documents.send import Outcome
from ckanext.sdopen.index.portion import Portion

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


def _indexed(ids: list[str]) -> Outcome:
    try:
        # as the drainer, whose newer documents must not be overtaken by older labels
        scopes.forget()
        by_index()
        return send.index_patiently(ids)
    finally:
        model.Session.rollback()
        model.Session.remove()


def _patiently(ids: list[str]) -> Outcome:
    """Index a batch; Solr may be restarting or choosing a leader.

    Raises:
        SolrSlow: the batch is too much, or its one document is.
        SolrSilent: Solr does not answer for long.
    """

    def worth_it(error: BaseException) -> bool:
        if isinstance(error, solr.SolrSlow):
            # fewer may pass; one alone is to blame where Solr answers all else
            return len(ids) == 1 and not solr.answers()
        return isinstance(error, solr.SolrSilent)

    retrying = Retrying(
        retry=retry_if_exception(worth_it),
        stop=stop_after_attempt(_TRIES),
        wait=wait_exponential(min=1, max=15),
        reraise=True,
    )
    return retrying(_indexed, ids)


def index_stripe(stripe: Stripe) -> Iterator[tuple[str, Outcome]]:
    """Index the packages of a range; after each batch the last id, and what became of it."""
    last, portion = stripe.after, Portion(send.batch_size())
    while ids := _ids(last, stripe.to, portion.size):
        model.Session.rollback()
        try:
            outcome = _patiently(ids)
        except solr.SolrSlow:
            portion.halve(len(ids))
            if len(ids) > 1:
                continue
            # whoever drains the outbox tries it again, seldom, and keeps the reason
            outcome = Outcome(busy=ids)
            outbox.enqueue(ids)
            model.Session.commit()
        else:
            portion.grow()
        last = ids[-1]
        yield last, outcome


def rebuild() -> Outcome:
    """Index every package in this process, and wait until all can be found."""
    whole = Outcome()
    for stripe in stripes(1):
        for _, outcome in index_stripe(stripe):
            whole += outcome
    solr.hard_commit(visible=True)
    return whole
