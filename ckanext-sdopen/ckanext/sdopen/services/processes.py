"""The process ids of running services, so that nothing stays behind and nobody else is hit."""

import os
import signal
import time
from dataclasses import dataclass
from pathlib import Path

from ckanext.sdopen.services import kept
from ckanext.sdopen.services.layout import SERVICES, Layout
from ckanext.sdopen.services.messages import Trouble

# SIGTERM would have PostgreSQL wait for its clients; SIGINT ends them and writes everything
STOP_SIGNALS = {"postgres": signal.SIGINT}
FRONT = ("web", "worker", "indexer")
# the web server gives requests 20 s, Solr 15 s to write; nobody is killed before all had their time
PATIENCE = 60.0
SUPERVISOR = "portal"


@dataclass(frozen=True)
class Record:
    """A process as it was started: its id and the moment, for ids are used again."""

    name: str
    pid: int
    born: str

    def is_alive(self) -> bool:
        """Whether this very process still runs."""
        return born(self.pid) == self.born


def born(pid: int) -> str:
    """When the process was started, in the kernel's ticks; empty when it is gone or a zombie."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""
    fields = stat.rpartition(")")[2].split()
    return "" if fields[0] == "Z" else fields[19]


def stop_signal(service: str) -> signal.Signals:
    """The signal that makes the service write its state and end."""
    return STOP_SIGNALS.get(service, signal.SIGTERM)


def record(layout: Layout, name: str, pid: int) -> None:
    """Write down a process just started."""
    kept.write(layout.run / f"{name}.json", {"pid": pid, "born": born(pid)})


def forget(layout: Layout, name: str) -> None:
    """Strike out a process that ended."""
    (layout.run / f"{name}.json").unlink(missing_ok=True)


def recorded(layout: Layout, name: str) -> Record | None:
    """The process of a service if it still runs; a stale note is removed."""
    known = kept.read(layout.run / f"{name}.json")
    if not known:
        return None
    found = Record(name, int(known["pid"]), str(known["born"]))
    if found.born and found.is_alive():
        return found
    forget(layout, name)
    return None


def running(layout: Layout) -> list[Record]:
    """The services that run, in the order in which they are started."""
    found = [recorded(layout, name) for name in SERVICES]
    return [process for process in found if process]


def stop_left_behind(layout: Layout) -> list[str]:
    """Stop what a killed run left, those in front before what they use."""
    left = running(layout)
    for group in (
        [p for p in left if p.name in FRONT],
        [p for p in left if p.name not in FRONT],
    ):
        for process in group:
            _send(process)
        _wait(group)
    return [process.name for process in left]


def _send(process: Record) -> None:
    try:
        os.kill(process.pid, stop_signal(process.name))
    except ProcessLookupError:
        return


def _wait(group: list[Record]) -> None:
    deadline = time.monotonic() + PATIENCE
    while alive := [process for process in group if process.is_alive()]:
        if time.monotonic() > deadline:
            pids = ", ".join(str(process.pid) for process in alive)
            raise Trouble("still_running", what=", ".join(p.name for p in alive), pids=pids)
        time.sleep(0.1)
