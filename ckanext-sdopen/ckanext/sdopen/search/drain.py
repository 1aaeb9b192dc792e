"""The drainer: makes anew the documents of what waits in the index outbox.

A batch holds its rows FOR SHARE from the read to Solr's answer, so no document overtakes a newer
one; a row leaves the outbox after Solr's hard commit only. One drainer works, others stand by.
"""

import contextlib
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import ckan.plugins.toolkit as tk
from ckan import model
from sqlalchemy.exc import SQLAlchemyError

from ckanext.sdopen.catalog import outbox, scopes
from ckanext.sdopen.catalog.by_index import by_index
from ckanext.sdopen.catalog.outbox import Waiting
from ckanext.sdopen.search import indexing, posting
from ckanext.sdopen.search.drain_lock import Lock
from ckanext.sdopen.search.drain_work import Progress, Work
from ckanext.sdopen.search.indexing import Outcome

_POLL, _WAIT = 0.5, 0.1
# with pauses of up to half a minute between them, that is some two minutes
_STUBBORN = 8
# of Solr and of the database, whatever it is: what waits stays in the outbox
_SOLR = (posting.SolrSilent, posting.Refusal)
_TROUBLE = (*_SOLR, SQLAlchemyError)


def _batch(rows: list[Waiting], one_by_one: bool) -> Outcome:
    """Index what waits, in a transaction of this thread's own."""
    try:
        by_index()
        return indexing.index([row.entry_id for row in rows], True, one_by_one)
    finally:
        # the end of the transaction releases the rows
        model.Session.rollback()
        model.Session.remove()


class Drainer:
    """Drains the outbox until it is told to stop; `told` takes lines for whoever watches."""

    def __init__(self, told: Callable[[str], None], stop: threading.Event | None = None) -> None:
        self._told = told
        self._stop = stop or threading.Event()
        self._lock = Lock()
        self._work = Work()
        self._threads = max(1, int(tk.config["ckanext.sdopen.search.drain_threads"]))
        self._trouble = ""
        # how often in a row Solr failed: beyond an election it is a document's fault
        self._failures = 0

    def _round(self, pool: ThreadPoolExecutor) -> int:
        """Index the next batches side by side; how many rows they held."""
        size = indexing.batch_size()
        rows = self._work.next(size * self._threads * 4)
        # whoever queued them may have given an account another scope
        scopes.forget()
        parts = [rows[start : start + size] for start in range(0, len(rows), size)]
        under_way = [
            (part, pool.submit(_batch, part, self._failures >= _STUBBORN)) for part in parts
        ]
        problem: Exception | None = None
        for part, result in under_way:
            try:
                self._work.add(part, result.result())
            except _TROUBLE as error:
                problem = error
        if problem is not None:
            raise problem
        if self._work.is_due():
            self._work.commit()
        return len(rows)

    def _idle(self) -> None:
        """Nothing is left to be read: finish what was sent, and look from the beginning again."""
        self._work.commit(visible=True)
        self._work.after = 0

    def round(self, pool: ThreadPoolExecutor) -> bool:
        """One round of work; whether there was any."""
        worked = bool(self._round(pool))
        if not worked:
            worked = bool(self._work.sent)
            self._idle()
        return worked

    def run(self, once: bool = False) -> int:
        """Drain until told to stop, or `once` until nothing waits; how many documents were sent."""
        progress = Progress(self._told, self._work)
        pause = 1.0
        with ThreadPoolExecutor(self._threads, "drain") as pool:
            while not self._stop.is_set():
                try:
                    worked = self._lock.take() and self.round(pool)
                    self._recovered()
                    progress.tell(finished=not worked)
                    pause = 1.0
                except _TROUBLE as error:
                    self._failed(error)
                    self._stop.wait(pause)
                    pause = min(pause * 2, float(tk.config["ckanext.sdopen.search.drain_patience"]))
                    continue
                if not worked:
                    if once and not self._work.busy:
                        break
                    self._work.busy = False
                    self._stop.wait(_POLL)
            self._finish()
        return self._work.done

    def _finish(self) -> None:
        """What was sent and is not on Solr's disk yet stays in the outbox where this fails."""
        with contextlib.suppress(*_TROUBLE):
            self._work.commit()
        self._lock.release()
        model.Session.remove()

    def _failed(self, error: Exception) -> None:
        model.Session.remove()
        # a Solr that was killed may have lost what it took and had not written
        self._work.forget()
        # the statement would be the whole batch
        sentence = str(error) if isinstance(error, _SOLR) else _database(error)
        if not self._trouble:
            self._told(f"{sentence}; trying again until it answers")
        self._trouble = sentence
        self._failures += isinstance(error, posting.SolrFails)

    def _recovered(self) -> None:
        if self._trouble:
            self._told("answered again, going on")
        self._trouble = ""
        self._failures = 0

    def until(self, version: int, deadline: float) -> int:
        """Drain up to a version, or wait for the drainer that does; how many rows are left."""
        try:
            with ThreadPoolExecutor(self._threads, "drain") as pool:
                while (left := outbox.left(version)) and time.monotonic() < deadline:
                    model.Session.rollback()
                    worked = False
                    try:
                        worked = self._lock.take() and self.round(pool)
                    except _SOLR:
                        self._work.forget()
                    if not worked:
                        time.sleep(_WAIT)
                return left
        finally:
            self._finish()


def _database(error: Exception) -> str:
    origin = getattr(error, "orig", None) or error
    return f"PostgreSQL: {type(origin).__name__}"


def drain_until(version: int, seconds: float) -> int:
    """Wait until what waits up to a version is indexed and can be found, at most so long.

    Where no drainer works this one does. The caller's own rows must have been committed.

    Returns:
        How many rows still wait.

    Raises:
        SolrSilent: Solr does not answer.
    """
    deadline = time.monotonic() + seconds
    # in a thread, whose database session is not the caller's
    with ThreadPoolExecutor(1, "drain-until") as pool:
        left = pool.submit(Drainer(lambda line: None).until, version, deadline).result()
    posting.soft_commit()
    return left
