"""A rebuild of the index by several processes; a killed one goes on where it was."""

import math
import multiprocessing
import os
import signal
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from multiprocessing.context import ForkContext, ForkProcess
from queue import Empty
from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model
from sqlalchemy import select

from ckanext.sdopen.directory import outbox
from ckanext.sdopen.errors import SdopenError
from ckanext.sdopen.index import solr
from ckanext.sdopen.index.documents.send import Outcome
from ckanext.sdopen.index.rebuild.progress import RebuildProgress, forget
from ckanext.sdopen.index.rebuild.stripes import Stripe, index_stripe, stripes

# forked: each process begins with the plugins that are loaded, not with loading them
_FORK: ForkContext = multiprocessing.get_context("fork")
_LISTEN = 0.5
OnProgress = Callable[[int, int, float], None]


@dataclass(frozen=True)
class _Ended:
    """Why a process ended before its stripe did."""

    reason: str


def _work(stripe: Stripe, parent: int, results: Any) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    # connections are the parent's
    model.meta.engine.dispose(close=False)
    model.Session.remove()
    try:
        for last, outcome in index_stripe(stripe):
            results.put((stripe.number, last, outcome))
            if os.getppid() != parent:
                return
        results.put((stripe.number, stripe.to, None))
    except SdopenError as error:
        results.put((stripe.number, stripe.after, _Ended(str(error))))


class Run:
    """One rebuild: stripes that processes work on, and how far each came."""

    def __init__(self, processes: int) -> None:
        self._progress = RebuildProgress()
        left = self._progress.left()
        self.resumed = bool(left)
        self._left = {stripe.number: stripe for stripe in left or stripes(max(1, processes))}
        self.total = sum(stripe.count for stripe in self._left.values())
        self.outcome = Outcome()
        self._uncommitted = 0
        # as far as Solr has surely written it
        self._written = dict(self._left)
        self._began = time.monotonic()

    @property
    def done(self) -> int:
        """How many packages were worked on."""
        return self.outcome.posted + self.outcome.removed + len(self.outcome.refused)

    def rate(self) -> float:
        """Packages a second."""
        return self.done / max(time.monotonic() - self._began, 0.001)

    def _take(self, number: int, last: str, outcome: Outcome | _Ended | None) -> None:
        if isinstance(outcome, _Ended):
            raise SdopenError(f"{outcome.reason}; run it again to go on")
        stripe = self._left[number]
        if outcome is None:
            self._left[number] = replace(stripe, after=stripe.to, count=0)
            return
        size = outcome.posted + outcome.removed + len(outcome.refused)
        self._left[number] = replace(stripe, after=last, count=max(stripe.count - size, 0))
        self.outcome += outcome
        self._uncommitted += size

    def _save(self) -> None:
        """Progress counts once Solr has written it."""
        self._progress.save(list(self._left.values()))
        self._written = dict(self._left)
        self._uncommitted = 0

    def _start(self, results: Any) -> list[ForkProcess]:
        model.Session.remove()
        solr.forget()
        workers = [
            _FORK.Process(target=_work, args=(stripe, os.getpid(), results), daemon=True)
            for stripe in self._left.values()
            if stripe.after < stripe.to
        ]
        for worker in workers:
            worker.start()
        return workers

    def run(self, on_progress: OnProgress, patience: float = math.inf) -> Outcome:
        """Index all that is left, and wait until it can be found.

        Args:
            on_progress: takes how many are done, of how many, and how many a second.
            patience: for so many seconds nothing may be done.

        Raises:
            SdopenError: a process ended early, or nothing was done for long; another run goes on.
        """
        results = _FORK.Queue()
        workers = self._start(results)
        most = int(tk.config["ckanext.sdopen.search.drain_commit_documents"])
        moved = time.monotonic()
        try:
            while any(stripe.after < stripe.to for stripe in self._left.values()):
                alive = any(worker.is_alive() for worker in workers)
                try:
                    self._take(*results.get(timeout=_LISTEN))
                    moved = time.monotonic()
                except Empty:
                    if time.monotonic() - moved > patience:
                        raise SdopenError(
                            f"nothing was indexed for {patience:.0f} s; run it again to go on"
                        ) from None
                    if not alive:
                        raise SdopenError(
                            "the processes of the rebuild ended early; run it again to go on"
                        ) from None
                on_progress(self.done, self.total, self.rate())
                if self._uncommitted >= most:
                    self._save()
        finally:
            for worker in workers:
                worker.terminate()
        self._progress.finish()
        return self.outcome

    def queue_left(self) -> int:
        """Leave to the outbox what Solr has not written; how many entries that are."""
        package, count = model.Package, 0
        for stripe in self._written.values():
            count += outbox.enqueue_selected(
                select(package.id)
                .where(package.id > stripe.after, package.id <= stripe.to)
                .where(package.state != model.State.DELETED)
            )
        model.Session.commit()
        forget()
        return count
