"""A rebuild of the index by several processes; a killed one goes on where it was."""

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

from ckanext.sdopen.errors import SdopenError
from ckanext.sdopen.search import posting
from ckanext.sdopen.search.indexing import Outcome
from ckanext.sdopen.search.rebuild import Stripe, index_stripe, stripes
from ckanext.sdopen.search.rebuild_kept import Kept

# forked: each process begins with the plugins that are loaded, not with loading them
_FORK: ForkContext = multiprocessing.get_context("fork")
_LISTEN = 0.5
Told = Callable[[int, int, float], None]


@dataclass(frozen=True)
class _Ended:
    """Why a process ended before its stripe did."""

    reason: str


def _work(stripe: Stripe, parent: int, told: Any) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    # connections are the parent's
    model.meta.engine.dispose(close=False)
    model.Session.remove()
    try:
        for last, outcome in index_stripe(stripe):
            told.put((stripe.number, last, outcome))
            if os.getppid() != parent:
                return
        told.put((stripe.number, stripe.to, None))
    except SdopenError as error:
        told.put((stripe.number, stripe.after, _Ended(str(error))))


class Run:
    """One rebuild: stripes that processes work on, and how far each came."""

    def __init__(self, processes: int) -> None:
        self._kept = Kept()
        left = self._kept.left()
        self.resumed = bool(left)
        self._left = {stripe.number: stripe for stripe in left or stripes(max(1, processes))}
        self.total = sum(stripe.count for stripe in self._left.values())
        self.outcome = Outcome()
        self._uncommitted = 0
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
        self._kept.save(list(self._left.values()))
        self._uncommitted = 0

    def _start(self, told: Any) -> list[ForkProcess]:
        model.Session.remove()
        posting.forget()
        workers = [
            _FORK.Process(target=_work, args=(stripe, os.getpid(), told), daemon=True)
            for stripe in self._left.values()
            if stripe.after < stripe.to
        ]
        for worker in workers:
            worker.start()
        return workers

    def run(self, on_progress: Told) -> Outcome:
        """Index all that is left, and wait until it can be found.

        Raises:
            SdopenError: a process ended early; another run goes on.
        """
        told = _FORK.Queue()
        workers = self._start(told)
        most = int(tk.config["ckanext.sdopen.search.drain_commit_documents"])
        try:
            while any(stripe.after < stripe.to for stripe in self._left.values()):
                alive = any(worker.is_alive() for worker in workers)
                try:
                    self._take(*told.get(timeout=_LISTEN))
                except Empty:
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
        self._kept.finish()
        return self.outcome
