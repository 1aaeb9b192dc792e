"""Documents of the index as CKAN itself builds them, taken instead of sent.

CKAN 2.12 opens one connection and sends one request per document (ckan.lib.search.index). A
connection that collects stands in its place while documents are built, in this thread alone.
"""

import contextlib
from collections.abc import Iterator
from contextvars import ContextVar
from typing import Any

from ckan.lib.search import common, index
from ckan.logic import index_update_package

_COLLECTED: ContextVar[list[dict[str, Any]] | None] = ContextVar("collected", default=None)
_connect = common.make_connection


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


def _make_connection(decode_dates: bool = True) -> Any:
    docs = _COLLECTED.get()
    return _connect(decode_dates) if docs is None else _Collector(docs)


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


def document(entry_id: str) -> dict[str, Any] | None:
    """The document of a package; None of one that is deleted."""
    with _collecting() as docs:
        index_update_package({"ignore_auth": True}, entry_id, True)
    return docs[0] if docs else None
