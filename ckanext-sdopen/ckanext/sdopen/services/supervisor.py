"""The services under honcho: gates before the start, order in the stop, one log file each."""

import multiprocessing
import os
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import honcho.manager
from honcho.environ import parse_procfile
from honcho.manager import Manager
from honcho.printer import Printer
from honcho.process import Process

from ckanext.sdopen.services import commands, processes
from ckanext.sdopen.services.layout import Layout

LOG_ROTATES_AT = 16 << 20


class Service(Process):  # type: ignore[misc]
    """A process that starts when its gate opens, writes to its own log, and outlives nobody."""

    def __init__(self, cmd: str, **options: Any) -> None:
        super().__init__(cmd, **options)
        self.layout: Layout
        self.gate = multiprocessing.Event()
        self.given_up = multiprocessing.Event()

    def run(self, events: Any = None, ignore_signals: bool = False) -> None:
        """Wait for the gate, start the service, wait for its end."""
        self._events = events
        parent = os.getppid()
        # a function, not SIG_IGN: the service must not inherit deafness
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, lambda *_: None)
        while not self.gate.wait(0.5):
            if os.getppid() != parent:
                return
        if self.given_up.is_set():
            self._send_message({"returncode": 0}, type="stop")
            return
        log = self.layout.log(self.name)
        with log.open("ab") as out:
            out.write(f"== {time.strftime('%Y-%m-%d %H:%M:%S')} {self.name}\n".encode())
            out.flush()
            child = subprocess.Popen(  # noqa: S602  a Procfile's line is a shell's line
                self.cmd,
                shell=True,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=subprocess.STDOUT,
                env=self.env,
                cwd=self.cwd,
                start_new_session=True,
            )
        processes.record(self.layout, self.name, child.pid)
        self._send_message({"pid": child.pid}, type="start")
        threading.Thread(target=self._watch, args=(parent, child), daemon=True).start()
        child.wait()
        processes.forget(self.layout, self.name)
        self._send_message({"returncode": child.returncode}, type="stop")

    def _watch(self, parent: int, child: "subprocess.Popen[bytes]") -> None:
        """Do the supervisor's last duty when it was killed."""
        while os.getppid() == parent:
            time.sleep(1)
        child.send_signal(processes.stop_signal(self.name))


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
        self._signalled: set[str] = set()
        self._stop_wanted = threading.Event()
        self._conductor: threading.Thread | None = None
        self.failure: BaseException | None = None
        self.casualty: tuple[str, int] | None = None
        self.asked_to_stop = False

    def add(self, names: list[str], env: Mapping[str, str]) -> None:
        """Take the named services from the Procfile."""
        procfile = parse_procfile((self.layout.config / "Procfile").read_text(encoding="utf-8"))
        for name in names:
            rotate(self.layout.log(name))
            service = self.add_process(
                name, procfile.processes[name], env=dict(env), cwd=str(self.layout.root)
            )
            service.layout = self.layout

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
        commands.stop_all()
        for process in self._processes.values():
            if not process["obj"].gate.is_set():
                process["obj"].given_up.set()
                process["obj"].gate.set()

    def _tick(self) -> None:
        """Called in each round of honcho's loop: front first, then what stands behind it."""
        if self._stop_wanted.is_set():
            self.terminate()
        if not self._terminating:
            return
        self._signal([n for n in self._processes if n in processes.FRONT])
        front = [n for n in processes.FRONT if n in self._processes]
        gone = all("returncode" in self._processes[n] for n in front)
        if gone and not commands.any_live():
            self._signal([n for n in self._processes if n not in processes.FRONT])

    def _signal(self, names: list[str]) -> None:
        for name in names:
            process = self._processes[name]
            if "pid" in process and "returncode" not in process and name not in self._signalled:
                self._signalled.add(name)
                try:
                    os.kill(process["pid"], processes.stop_signal(name))
                except ProcessLookupError:
                    continue

    def _all_started(self) -> bool:
        # honcho waits for all before it minds a death; behind a gate that would be for ever
        self._tick()
        return True

    def _all_stopped(self) -> bool:
        ended = all("returncode" in process for process in self._processes.values())
        return ended and self.stopping and not commands.any_live()


def rotate(log: Path) -> None:
    """Move a large log aside at the start; one older file is kept."""
    if log.exists() and log.stat().st_size > LOG_ROTATES_AT:
        log.replace(log.with_suffix(".1.log"))
