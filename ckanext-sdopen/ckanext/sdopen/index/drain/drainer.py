"""The drainer: makes anew the documents of what waits in the index outbox.

A batch holds its rows FOR SHARE from the read to Solr's answer, so no document overtakes a newer
one; a row leaves the outbox after Solr's hard commit only. One drainer works, others stand by.
"""

import contextlib
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import CancelledError, Future, ThreadPoolExecutor

import ckan.plugins.toolkit as tk
from ckan import model
from sqlalchemy.exc import SQLAlchemyError

from ckanext.sdopen.access import scopes
from ckanext.sdopen.directory import outbox
from ckanext.sdopen.directory.outbox import Waiting
from ckanext.sdopen.directory.planner_hint import by_index
from ckanext.sdopen.index import scope_changes, solr
from ckanext.sdopen.index.documents import send
from ckanext.sdopen.index.documents.send import Outcome
from ckanext.sdopen.index.drain.lock import Lock
from ckanext.sdopen.index.drain.work import Progress, Work
from ckanext.sdopen.index.portion import Portion

_POLL, _WAIT = 0.5, 0.1
# with pauses of up to half a minute between them, that is some two minutes
_STUBBORN = 8
# of Solr and of the database, whatever it is: what waits stays in the outbox
_SOLR = (solr.SolrSilent, solr.Refusal)
_TROUBLE = (*_SOLR, SQLAlchemyError)


def _batch(rows: list[Waiting], one_by_one: bool) -> Outcome:
    """Index what waits, in a transaction of this thread's own."""
    try:
        by_index()
        return send.index([row.entry_id for row in rows], True, one_by_one)
    finally:
        # the end of the transaction releases the rows
        model.Session.rollback()
        model.Session.remove()


class Drainer:
    """Drains the outbox until it is told to stop; `say` takes lines for whoever watches."""

    def __init__(self, say: Callable[[str], None], stop: threading.Event | None = None) -> None:
        self._say = say
        self._stop = stop or threading.Event()
        self._lock = Lock()
        self._work = Work()
        self._portion = Portion(send.batch_size())
        self._threads = max(1, int(tk.config["ckanext.sdopen.search.drain_threads"]))
        self._trouble = ""
        # how often in a row Solr failed: beyond an election it is a document's fault
        self._failures = 0

    def _round(self, pool: ThreadPoolExecutor) -> int:
        """Index the next batches side by side; how many rows they held."""
        size = self._portion.size
        rows = self._work.next(size * self._threads * 4)
        # whoever queued them may have given an account another scope
        scopes.forget()
        parts = [rows[start : start + size] for start in range(0, len(rows), size)]
        problem = self._take(
            [(part, pool.submit(_batch, part, self._failures >= _STUBBORN)) for part in parts]
        )
        # a Solr that is slow has not lost what it took
        if (problem is None or isinstance(problem, solr.SolrSlow)) and self._work.is_due():
            self._work.commit()
        if problem is not None:
            raise problem
        self._portion.grow()
        return len(rows)

    def _take(self, under_way: Sequence[tuple[list[Waiting], Future[Outcome]]]) -> Exception | None:
        """Note what becomes of batches; after the first problem no other is begun."""
        problem: Exception | None = None
        for part, result in under_way:
            try:
                self._work.add(part, result.result())
            except CancelledError:
                continue
            except _TROUBLE as error:
                problem = error
                if isinstance(error, solr.SolrSlow):
                    self._slow(part, error)
                for _, other in under_way:
                    other.cancel()
        return problem

    def _slow(self, part: list[Waiting], error: solr.SolrSlow) -> None:
        """Send fewer at once; one alone is to blame where Solr answers all else, and waits long."""
        self._portion.halve(len(part))
        if len(part) == 1 and solr.answers():
            self._work.add(part, Outcome(refused={part[0].entry_id: str(error)}))

    def _idle(self) -> None:
        """Nothing is left to be read: finish what was sent, and look from the beginning again."""
        self._work.commit(visible=True)
        self._work.after = 0

    def round(self, pool: ThreadPoolExecutor) -> bool:
        """One round of work; whether there was any."""
        if self._round(pool):
            return True
        worked = bool(self._work.sent)
        self._idle()
        return scope_changes.queue_portion() or worked

    def run(self, once: bool = False) -> int:
        """Drain until told to stop, or `once` until nothing waits; how many documents were sent."""
        progress = Progress(self._say, self._work)
        pause = 1.0
        with ThreadPoolExecutor(self._threads, "drain") as pool:
            while not self._stop.is_set():
                try:
                    worked = self._lock.take() and self._answered() and self.round(pool)
                    self._recovered()
                    progress.report(finished=not worked)
                    pause = 1.0
                except _TROUBLE as error:
                    self._failed(error)
                    self._stop.wait(pause)
                    if not isinstance(error, solr.SolrSlow):
                        longest = float(tk.config["ckanext.sdopen.search.drain_patience"])
                        pause = min(pause * 2, longest)
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
        self._begin_again(error)
        # the statement would be the whole batch
        sentence = str(error) if isinstance(error, _SOLR) else _database(error)
        if not self._trouble:
            self._say(f"{sentence}; trying again until it answers")
        self._trouble = sentence
        self._failures += isinstance(error, solr.SolrFails)

    def _begin_again(self, error: Exception) -> None:
        if isinstance(error, solr.SolrSlow):
            self._work.look_again()
        else:
            # a Solr that was killed may have lost what it took and had not written
            self._work.forget()

    def _answered(self) -> bool:
        """True, after a trouble once Solr answers; whoever saves an entry waits for a batch."""
        if self._trouble and not solr.answers():
            raise solr.SolrSilent(self._trouble)
        return True

    def _recovered(self) -> None:
        if self._trouble:
            self._say("answered again, going on")
        self._trouble = ""
        self._failures = 0

    def until(self, version: int, goes_on: Callable[[int], bool]) -> int:
        """Drain up to a version, or wait for the drainer that does, while it is worth waiting.

        Args:
            version: of the outbox.
            goes_on: asked with the number of rows that are left.

        Returns:
            How many rows are left.
        """
        try:
            with ThreadPoolExecutor(self._threads, "drain") as pool:
                while (left := outbox.left(version)) and goes_on(left):
                    model.Session.rollback()
                    worked = False
                    try:
                        worked = self._lock.take() and self.round(pool)
                    except _SOLR as error:
                        self._begin_again(error)
                    if not worked:
                        time.sleep(_WAIT)
                return left
        finally:
            self._finish()


def _database(error: Exception) -> str:
    origin = getattr(error, "orig", None) or error
    return f"PostgreSQL: {type(origin).__name__}"


def _drained(version: int, goes_on: Callable[[int], bool]) -> int:
    # in a thread, whose database session is not the caller's
    with ThreadPoolExecutor(1, "drain-until") as pool:
        return pool.submit(Drainer(lambda line: None).until, version, goes_on).result()


def drain_until(version: int, seconds: float) -> int:
    """Wait until what waits up to a version is indexed and can be found, at most so long.

    Where no drainer works this one does. The caller's own rows must have been committed.

    Returns:
        How many rows still wait.

    Raises:
        SolrSilent: Solr does not answer.
    """
    deadline = time.monotonic() + seconds
    left = _drained(version, lambda _: time.monotonic() < deadline)
    solr.soft_commit()
    return left


def drain_while_it_moves(version: int, patience: float) -> int:
    """The same, and it ends only when for so many seconds none was done; also where Solr is silent.

    Returns:
        How many rows still wait.
    """
    fewest, since = -1, time.monotonic()

    def goes_on(left: int) -> bool:
        nonlocal fewest, since
        if left < fewest or fewest < 0:
            fewest, since = left, time.monotonic()
        return time.monotonic() - since < patience

    left = _drained(version, goes_on)
    with contextlib.suppress(solr.SolrSilent):
        solr.soft_commit()
    return left
