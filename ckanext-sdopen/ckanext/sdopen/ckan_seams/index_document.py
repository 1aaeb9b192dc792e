"""Documents of the index as CKAN itself builds them, taken instead of sent.

CKAN 2.12 opens one connection and sends one request per document (ckan.lib.search.index). A
connection that collects stands in its place while documents are built, in this thread alone.
"""

import contextlib
from collections.abc import Callable, Iterable, Iterator
from contextvars import ContextVar
from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.lib.search import index
from ckan.logic import index_update_package
from sqlalchemy import text

from ckanext.sdopen.ckan_seams.repairs import solr_connection
from ckanext.sdopen.errors import SdopenError

Queue = Callable[[Iterable[str]], None]
_COLLECTED: ContextVar[list[dict[str, Any]] | None] = ContextVar("collected", default=None)
_QUEUE: ContextVar[Queue | None] = ContextVar("queue", default=None)
_STATE = text("SELECT state FROM package WHERE id = :id")


class NoDocument(SdopenError):
    """CKAN gave no document of a package that belongs into the index: it stays there as it is."""


class _Collector:
    """Takes documents instead of sending them; what is to be removed is left to the caller."""

    url = "collected"

    def __init__(self, docs: list[dict[str, Any]]) -> None:
        self._docs = docs

    def add(self, docs: list[dict[str, Any]], commit: bool = False) -> None:
        """Keep the documents."""
        self._docs.extend(docs)

    def delete(self, q: str, commit: bool = False) -> None:
        """Remove nothing."""


class _Posting(solr_connection.Solr):
    """Sends documents; while Solr is away they are queued, where the write has a queue."""

    def add(self, docs: list[dict[str, Any]], *args: Any, **more: Any) -> Any:
        """Send the documents, or queue their ids.

        Raises:
            IndexAway: Solr is away and nothing queues.
        """
        try:
            return super().add(docs, *args, **more)
        except solr_connection.IndexAway:
            queue = _QUEUE.get()
            if queue is None:
                raise
            queue(str(doc["id"]) for doc in docs)
            return ""


def _make_connection(decode_dates: bool = True) -> Any:
    docs = _COLLECTED.get()
    if docs is not None:
        return _Collector(docs)
    return solr_connection.connect(decode_dates, _Posting)


# once: another place of it in the middle of a batch would be seen by other threads
index.make_connection = _make_connection


@contextlib.contextmanager
def _collecting() -> Iterator[list[dict[str, Any]]]:
    docs: list[dict[str, Any]] = []
    token = _COLLECTED.set(docs)
    try:
        yield docs
    finally:
        _COLLECTED.reset(token)


@contextlib.contextmanager
def queueing(queue: Queue) -> Iterator[None]:
    """Give a queue to a write that commits after it: it takes the ids of documents not posted."""
    token = _QUEUE.set(queue)
    try:
        yield
    finally:
        _QUEUE.reset(token)


def removes_deleted() -> bool:
    """Whether deleted packages are taken out of the index."""
    return bool(tk.config["ckan.search.remove_deleted_packages"])


def _belongs(entry_id: str) -> bool:
    """Whether the database holds a package that is to be in the index."""
    states = list(model.Session.scalars(_STATE, {"id": entry_id}))
    return bool(states) and not (states[0] in (None, model.State.DELETED) and removes_deleted())


def document(entry_id: str) -> dict[str, Any] | None:
    """The document of a package; None only where the database says that it has none.

    Raises:
        NoDocument: the package belongs into the index, and CKAN's own way gave nothing.
    """
    try:
        with _collecting() as docs:
            index_update_package({"ignore_auth": True}, entry_id, True)
    except tk.ObjectNotFound:
        if _belongs(entry_id):
            raise
        return None
    own = [doc for doc in docs if doc.get("id") == entry_id]
    if not own and _belongs(entry_id):
        raise NoDocument("CKAN gave no document of it; its old one stays in the index")
    return own[-1] if own else None
