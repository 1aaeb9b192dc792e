"""The process ids of running services, so that nothing stays behind and nobody else is hit."""

import os
import signal
import time
from dataclasses import dataclass
from pathlib import Path

from ckanext.sdopen.services import stack_state
from ckanext.sdopen.services.layout import FRONT, SERVICES, Layout
from ckanext.sdopen.services.messages import Trouble

# SIGTERM would have PostgreSQL wait for its clients; SIGINT ends them and writes everything.
# SIGTERM would have nginx break answers off; SIGQUIT lets it end them
STOP_SIGNALS = {"postgres": signal.SIGINT, "nginx": signal.SIGQUIT}
# the web server gives requests 20 s, Solr 15 s to write; nobody is killed before all had their time
PATIENCE = 60.0
SUPERVISOR = "portal"
# seconds of the processor
STEP_OF_COMPUTING = 5.0


@dataclass(frozen=True)
class Record:
    """A process as it was started: its id and the moment, for ids are used again."""

    name: str
    pid: int
    born: str
    since: str = ""
    restarts: int = 0

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


def life(log: Path, pid: int) -> tuple[int, int]:
    """What changes while a process and those that it started write to a log, or compute.

    Computing counts by steps of some seconds, for waiting takes a little of the processor, too.
    """
    size = log.stat().st_size if log.exists() else 0
    return size, int(_computed(pid) / STEP_OF_COMPUTING)


def _computed(session: int) -> float:
    """Seconds of the processor that the processes of a session and their dead children took."""
    ticks = 0
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            stat = (entry / "stat").read_text(encoding="utf-8", errors="replace")
        except OSError:
            continue  # gone meanwhile
        fields = stat.rpartition(")")[2].split()
        if int(fields[3]) == session:
            ticks += sum(map(int, fields[11:15]))
    return ticks / os.sysconf("SC_CLK_TCK")


def stop_signal(service: str) -> signal.Signals:
    """The signal that makes the service write its state and end."""
    return STOP_SIGNALS.get(service, signal.SIGTERM)


@dataclass(frozen=True)
class Fall:
    """How often a service fell since the portal was started; when last, and with which status."""

    count: int
    at: str
    code: int


def record(layout: Layout, name: str, pid: int, restarts: int = 0) -> None:
    """Write down a process just started."""
    known = {"pid": pid, "born": born(pid), "since": _moment(), "restarts": restarts}
    stack_state.write(layout.run / f"{name}.json", known)


def _moment() -> str:
    return time.strftime("%Y-%m-%d %H:%M:%S")


def record_fall(layout: Layout, name: str, count: int, code: int) -> None:
    """Write down that a service ended by itself and will be started again."""
    known = {"count": count, "at": _moment(), "code": code}
    stack_state.write(layout.run / f"{name}.fall.json", known)


def forget_fall(layout: Layout, name: str) -> None:
    """Begin to count anew."""
    (layout.run / f"{name}.fall.json").unlink(missing_ok=True)


def last_fall(layout: Layout, name: str) -> Fall | None:
    """The last fall of a service; None where it never fell."""
    known = stack_state.read(layout.run / f"{name}.fall.json")
    return Fall(**known) if known else None


def forget(layout: Layout, name: str) -> None:
    """Strike out a process that ended."""
    (layout.run / f"{name}.json").unlink(missing_ok=True)


def recorded(layout: Layout, name: str) -> Record | None:
    """The process of a service if it still runs.

    A stale note stays: the supervisor may write a new one at this moment.
    """
    known = stack_state.read(layout.run / f"{name}.json")
    if not known:
        return None
    since, restarts = str(known.get("since", "")), int(known.get("restarts", 0))
    found = Record(name, int(known["pid"]), str(known["born"]), since, restarts)
    return found if found.born and found.is_alive() else None


def running(layout: Layout) -> list[Record]:
    """The services that run, in the order in which they are started."""
    found = [recorded(layout, name) for name in SERVICES]
    return [process for process in found if process]


def stop_left_behind(layout: Layout) -> list[str]:
    """Stop what a killed run left, those in front before what they use; no note of it stays."""
    left = running(layout)
    for group in (
        [p for p in left if p.name in FRONT],
        [p for p in left if p.name not in FRONT],
    ):
        for process in group:
            _send(process)
        _wait(group)
    for name in SERVICES:
        forget(layout, name)
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
