"""The services under honcho: gates before the start, order in the stop, what falls comes back."""

import multiprocessing
import os
import signal
import threading
import time
from collections.abc import Callable, Mapping
from typing import Any

import honcho.manager
from honcho.environ import parse_procfile
from honcho.manager import Manager
from honcho.printer import Printer

from ckanext.sdopen.services import commands
from ckanext.sdopen.services.layout import FRONT, Layout
from ckanext.sdopen.services.running import backoff, processes
from ckanext.sdopen.services.running.backoff import Backoff
from ckanext.sdopen.services.running.flag import Flag
from ckanext.sdopen.services.running.service import Service

# PostgreSQL that falls so often in a row cannot stay up, and without it nothing works
MOST_FALLS = {"postgres": 5}
# in the environment: the longest rest, in seconds, before a service is started again
LONGEST_REST = "SDOPEN_LONGEST_REST"


def longest_rest(env: Mapping[str, str]) -> float:
    """The longest rest of a service that fell, in seconds."""
    said = env.get(LONGEST_REST, "")
    return float(said) if said.isascii() and said.isdigit() else backoff.LONGEST


class Silent(Printer):  # type: ignore[misc]
    """Honcho's own remarks are not shown; ours are."""

    def write(self, message: Any) -> None:
        """Drop the message."""


class Supervisor(Manager):  # type: ignore[misc]
    """Honcho's manager with a conductor: a thread that opens the gates one after the other."""

    def __init__(self, layout: Layout) -> None:
        # a gate and a thread need the fork that newer Pythons no longer take by themselves
        multiprocessing.set_start_method("fork", force=True)
        super().__init__(Silent())
        honcho.manager.KILL_WAIT = processes.PATIENCE
        self._terminating = False
        self.layout = layout
        self._process_ctor = Service
        self._kept, self._over = Flag(), Flag()
        self._stop_wanted = threading.Event()
        self._conductor: threading.Thread | None = None
        self.failure: BaseException | None = None
        self.casualty: tuple[str, int] | None = None
        self.asked_to_stop = False

    def add(
        self,
        names: list[str],
        env: Mapping[str, str],
        before: Mapping[str, Callable[[], None]] | None = None,
    ) -> None:
        """Take the named services from the Procfile.

        Args:
            names: the services.
            env: their environment.
            before: what is to be done before a service that fell is started again, by its name.
        """
        procfile = parse_procfile((self.layout.config / "Procfile").read_text(encoding="utf-8"))
        for name in names:
            processes.forget_fall(self.layout, name)
            service = self.add_process(
                name, procfile.processes[name], env=dict(env), cwd=str(self.layout.root)
            )
            service.layout = self.layout
            service.kept, service.over = self._kept, self._over
            service.before = (before or {}).get(name)
            service.backoff = Backoff(longest_rest(env), MOST_FALLS.get(name))

    def conduct(self, work: Callable[["Supervisor"], None]) -> None:
        """Run the services, `work` opening their gates; returns when all have ended."""

        def perform() -> None:
            try:
                work(self)
            except BaseException as error:  # noqa: BLE001  raised again by the caller
                self.failure = error
                # a step may fail because a service just died: let the loop see that first
                time.sleep(0.5)
                self._stop_wanted.set()

        self._conductor = threading.Thread(target=perform, daemon=True)
        if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:
            signal.signal(signal.SIGHUP, self._on_hangup)
        self.loop()
        self._conductor.join(timeout=processes.PATIENCE)

    def _on_hangup(self, *_: object) -> None:
        self.terminate(asked=True)

    def _start(self) -> None:
        super()._start()
        # after the forks: a thread in the parent would leave its locks to the children
        if self._conductor:
            self._conductor.start()

    def open(self, name: str) -> None:
        """Start a service."""
        self._processes[name]["obj"].gate.set()

    def keep(self) -> None:
        """From now on start again what ends by itself."""
        self._kept.set()

    def finish(self) -> None:
        """Have everything stopped; for the conductor."""
        self._stop_wanted.set()

    @property
    def stopping(self) -> bool:
        """Whether the end has begun."""
        return bool(self._terminating) or self._stop_wanted.is_set()

    def terminate(self, asked: bool = False) -> None:
        """Begin the end: note who fell first, then the steps of `_tick` follow."""
        if self._terminating:
            return
        self._terminating = True
        fallen = [(n, p["returncode"]) for n, p in self._processes.items() if "returncode" in p]
        if fallen and not self._stop_wanted.is_set():
            self.casualty = fallen[0]
        self.asked_to_stop = asked or not (fallen or self._stop_wanted.is_set())
        self._over.set()
        commands.stop_all()
        for process in self._processes.values():
            if not process["obj"].gate.is_set():
                process["obj"].leave.set()
                process["obj"].gate.set()

    def _tick(self) -> None:
        """Called in each round of honcho's loop: front first, then what stands behind it."""
        self._miss_keepers()
        if self._stop_wanted.is_set():
            self.terminate()
        if not self._terminating:
            return
        front = [name for name in self._processes if name in FRONT]
        self._end(front)
        gone = all("returncode" in self._processes[name] for name in front)
        if gone and not commands.any_live():
            self._end([name for name in self._processes if name not in FRONT])

    def _miss_keepers(self) -> None:
        """Note whose own process was killed: of those services nobody else would say a word."""
        for name, service in self._processes.items():
            code = service["process"].exitcode
            if code and "returncode" not in service:
                service["returncode"] = code
                if found := processes.recorded(self.layout, name):
                    os.kill(found.pid, processes.stop_signal(name))

    def _end(self, names: list[str]) -> None:
        """Have services end; each sends its own signal, for it alone knows who runs just now."""
        for name in names:
            self._processes[name]["obj"].leave.set()

    def _all_started(self) -> bool:
        # honcho waits for all before it minds a death; behind a gate that would be for ever
        self._tick()
        return True

    def _all_stopped(self) -> bool:
        ended = all("returncode" in process for process in self._processes.values())
        return ended and self.stopping and not commands.any_live()
