"""The processes that work: some for each queue, started anew when one ends."""

import logging
import os
import signal
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from multiprocessing import connection, get_context
from multiprocessing.context import ForkContext, ForkProcess

import flask
from ckan import model, plugins

from ckanext.sdopen.jobs import settings
from ckanext.sdopen.jobs.kinds import Queue
from ckanext.sdopen.jobs.work.worker import Worker

# forked: each process begins with the plugins that are loaded, not with loading them
_FORK: ForkContext = get_context("fork")
_LISTEN = 1.0
_LONGEST_PAUSE = 60.0
# one that worked so long did not fail at its start
_SETTLED = 60.0
log = logging.getLogger(__name__)


def _work(app: flask.Flask, queue: Queue) -> None:
    stop = threading.Event()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    # connections are the parent's
    model.meta.engine.dispose(close=False)
    model.Session.remove()
    parent = os.getppid()

    def watch() -> None:
        while os.getppid() == parent and not stop.wait(_LISTEN):
            pass
        stop.set()

    threading.Thread(target=watch, name="parent", daemon=True).start()
    Worker(app, queue, stop).run()


@dataclass
class _Place:
    """The place of one process: who holds it, and when the next may begin."""

    queue: Queue
    process: ForkProcess | None = None
    begun: float = 0.0
    pause: float = 1.0
    not_before: float = field(default=0.0)


class Crew:
    """The processes of some queues, until the stop is set."""

    def __init__(self, app: flask.Flask, queues: Sequence[Queue], stop: threading.Event) -> None:
        numbers = settings.processes()
        self._app, self._stop = app, stop
        self._places = [
            _Place(queue) for queue in queues for _ in range(numbers.get(queue.value, 1))
        ]

    def run(self) -> None:
        """Keep every place filled; at the end, wait until all have ended."""
        while not self._stop.is_set():
            self._fill()
            alive = [place.process.sentinel for place in self._places if place.process]
            connection.wait(alive, _LISTEN) if alive else time.sleep(_LISTEN)
        self._end()

    def _fill(self) -> None:
        now = time.monotonic()
        for place in self._places:
            if place.process is not None and not place.process.is_alive():
                self._ended(place, now)
            if place.process is None and now >= place.not_before:
                self._start(place, now)

    def _ended(self, place: _Place, now: float) -> None:
        code = place.process.exitcode if place.process else None
        log.warning("a process of the queue %s ended (%s); another begins", place.queue, code)
        if now - place.begun > _SETTLED:
            place.pause = 1.0
        place.not_before = now + place.pause
        place.pause = min(place.pause * 2, _LONGEST_PAUSE)
        place.process = None

    def _start(self, place: _Place, now: float) -> None:
        # a connection that two processes hold would serve neither
        model.Session.remove()
        model.meta.engine.dispose()
        for plugin in plugins.PluginImplementations(plugins.IForkObserver):
            plugin.before_fork()
        name = f"jobs-{place.queue}"
        place.process = _FORK.Process(target=_work, args=(self._app, place.queue), name=name)
        place.process.start()
        place.begun = now

    def _end(self) -> None:
        processes = [place.process for place in self._places if place.process]
        for process in processes:
            process.terminate()
        # work under way has its time to end, and the heartbeat ends what does not
        deadline = time.monotonic() + settings.stop_seconds() + 10
        for process in processes:
            process.join(max(0.0, deadline - time.monotonic()))
            if process.is_alive():
                process.kill()
                process.join()
