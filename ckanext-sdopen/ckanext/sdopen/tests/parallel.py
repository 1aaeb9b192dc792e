"""A plugin of pytest for a suite that several processes share: each on services of its own.

`scripts/test` loads it. Files are handed out whole, the longest first, so that no process waits
for the last; what shares a costly fixture of the session goes to one process, and what takes very
long by itself to several.
"""

import fcntl
import json
import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest
from xdist.scheduler import LoadFileScheduling

from ckanext.sdopen.services.layout import Layout
from ckanext.sdopen.services.running import processes, ready
from ckanext.sdopen.services.running.neighbours import NOTE

# handed out as one, whatever their files
TOGETHER = ("tests/bench/", "tests/breaker/")
# handed out in parts: what is tested for one reader, or whatever stands first in the brackets
SPLIT = ("tests/access/test_leaks.py",)
# what takes longest, by parts of paths; all else follows in its usual order
LONG = (
    "tests/bench/",
    "tests/breaker/",
    "tests/access/test_leaks.py",
    "tests/services/test_portal.py",
    "tests/search/test_judged.py",
    "tests/search/test_ckan_suite.py",
    "tests/portal/test_browser.py",
)
WORKER = os.environ.get("PYTEST_XDIST_WORKER")
# where the first process's stack keeps its things, the others' below it
FIRST = Layout(Path(os.environ["SDOPEN_VAR"]))


def take_services(worker: str) -> None:
    """See the services of this process; the first has those of the environment."""
    number = int(worker.removeprefix("gw")) + 1
    if number > 1:
        note = Layout(FIRST.var / str(number)).run / NOTE
        os.environ.update(json.loads(note.read_text(encoding="utf-8")))


# here, before CKAN reads its settings
if WORKER:
    take_services(WORKER)
    processes.record(FIRST, WORKER, os.getpid())


def pytest_unconfigure() -> None:
    """Say that this process has put away all that its tests used."""
    if WORKER:
        processes.forget(FIRST, WORKER)


def pytest_keyboard_interrupt() -> None:
    """Interrupt the other processes, too, and let them put away what they started.

    Of itself xdist kills them after ten seconds, and web servers of tests would stay behind.
    """
    if WORKER:
        return
    names = [path.stem for path in FIRST.run.glob("gw*.json")]
    for process in filter(None, (processes.recorded(FIRST, name) for name in names)):
        with suppress(ProcessLookupError):
            os.kill(process.pid, signal.SIGINT)
    ready.until(
        lambda: not any(processes.recorded(FIRST, name) for name in names),
        processes.PATIENCE,
        lambda: True,
    )


def unit(nodeid: str) -> str:
    """What a test is handed out with: its file, a part of it, or a folder."""
    path, _, test = nodeid.partition("::")
    if path.endswith(SPLIT):
        return f"{path}::{test.partition('[')[2].partition('-')[0].rstrip(']')}"
    return next((part for part in TOGETHER if part in path), path)


def place(nodeid: str) -> int:
    """When a test's file is handed out: its place among the long ones, or after them."""
    return next((n for n, part in enumerate(LONG) if part in nodeid), len(LONG))


class ByFile(LoadFileScheduling):
    """Hands out our units whole."""

    def _split_scope(self, nodeid: str) -> str:
        return unit(nodeid)


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> ByFile:
    """Have our units handed out."""
    return ByFile(config, log)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the longest first, and last the files with tests that must be alone.

    Those wait for what the other processes are at: at the end it is short.
    """
    waiting = {unit(item.nodeid) for item in items if item.get_closest_marker("alone")}
    items.sort(key=lambda item: (unit(item.nodeid) in waiting, place(item.nodeid)))


@contextmanager
def turn(alone: bool, folder: Path) -> Iterator[None]:
    """Run beside others, or while no other process runs a test.

    Who must be alone holds the door, so that none slips in before him while he waits.
    """
    with (folder / "door.lock").open("a") as door, (folder / "turn.lock").open("a") as running:
        fcntl.flock(door, fcntl.LOCK_EX)
        fcntl.flock(running, fcntl.LOCK_EX if alone else fcntl.LOCK_SH)
        if not alone:
            fcntl.flock(door, fcntl.LOCK_UN)
        try:
            yield
        finally:
            # said in words: a process that a test forked would keep what is only closed
            fcntl.flock(running, fcntl.LOCK_UN)
            fcntl.flock(door, fcntl.LOCK_UN)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Iterator[Any]:
    """Give tests that measure (`alone`) the machine to themselves."""
    if not WORKER:
        return (yield)
    with turn(item.get_closest_marker("alone") is not None, FIRST.run):
        return (yield)
