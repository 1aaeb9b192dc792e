"""Index entries in batches: documents as CKAN builds them, sent to Solr many at a time.

CKAN 2.12 opens one connection and sends one request per document (ckan.lib.search.index). A
connection that collects stands in its place while a batch is built, in this thread alone; a CKAN
with a batched index (asked for in ckan/ckan#3482) makes the stand-in unnecessary.
"""

import contextlib
from collections.abc import Callable, Iterator, Sequence
from contextvars import ContextVar
from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.lib.search import common, index
from ckan.logic import index_update_package

BATCH = 200
_COLLECTED: ContextVar[list[dict[str, Any]] | None] = ContextVar("collected", default=None)
_connect = common.make_connection


class _Collector:
    """Takes documents instead of sending them."""

    url = "collected"

    def __init__(self, docs: list[dict[str, Any]]) -> None:
        self._docs = docs

    def add(self, docs: list[dict[str, Any]], commit: bool = False) -> None:
        """Keep the documents."""
        self._docs.extend(docs)


def _make_connection(decode_dates: bool = True) -> Any:
    docs = _COLLECTED.get()
    return _connect(decode_dates) if docs is None else _Collector(docs)


@contextlib.contextmanager
def collected() -> Iterator[list[dict[str, Any]]]:
    """A list that gets the documents that this thread would send meanwhile."""
    index.make_connection = _make_connection
    docs: list[dict[str, Any]] = []
    token = _COLLECTED.set(docs)
    try:
        yield docs
    finally:
        _COLLECTED.reset(token)


def index_entries(ids: Sequence[str]) -> int:
    """Index the packages of these ids in one request to Solr, without a commit.

    Returns:
        How many documents were sent.
    """
    # loaded once here, CKAN's own look-ups by id find them in the session
    loaded = model.Session.query(model.Package).filter(model.Package.id.in_(list(ids))).all()
    with collected() as docs:
        for package in loaded:
            index_update_package({"ignore_auth": True}, package.id, True)
    if docs:
        _connect().add(docs, commit=False)
    return len(docs)


def missing(ids: Sequence[str]) -> list[str]:
    """Those of the ids that cannot be found in the index, as far as it has been committed."""
    query = "+site_id:{} +id:({})".format(tk.config["ckan.site_id"], " ".join(ids))
    found = _connect().search(query, fl="id", rows=len(ids), defType="lucene")
    there = {doc["id"] for doc in found}
    return [identity for identity in ids if identity not in there]


def make_visible() -> None:
    """Commit the index and wait until all that was sent can be found."""
    _connect().commit(waitSearcher=True)


def _ids_after(last: str, count: int) -> list[str]:
    rows = (
        model.Session.query(model.Package.id)
        .filter(model.Package.state != model.State.DELETED, model.Package.id > last)
        .order_by(model.Package.id)
        .limit(count)
    )
    return [row[0] for row in rows]


def rebuild(on_batch: Callable[[int], None]) -> int:
    """Index every package that is not deleted, by keyset, in constant memory.

    Returns:
        How many documents were sent; `on_batch` is told of each batch.
    """
    sent, last = 0, ""
    while ids := _ids_after(last, BATCH):
        count = index_entries(ids)
        sent, last = sent + count, ids[-1]
        model.Session.remove()
        on_batch(count)
    make_visible()
    return sent
