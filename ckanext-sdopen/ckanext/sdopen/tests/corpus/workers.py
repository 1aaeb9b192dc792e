"""Real worker processes on the tests' databases, and waiting for what they do."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from ckan import model

from ckanext.sdopen.jobs.kinds import Queue
from ckanext.sdopen.jobs.work.worker import Worker
from ckanext.sdopen.services.layout import ROOT

# beyond any pause of a busy machine; a test that fails waits so long, one that passes does not
PATIENCE = 300.0


def settings(folder: Path, **options: object) -> Path:
    """The tests' settings with others in place of some: `lease_seconds=2` and the like."""
    ini = folder / "workers.ini"
    lines = [f"ckanext.sdopen.{name} = {value}" for name, value in options.items()]
    text = "\n".join(["[app:main]", f"use = config:{ROOT / 'test.ini'}", *lines, ""])
    ini.write_text(text, encoding="utf-8")
    return ini


def work_off(app: Any, queue: Queue) -> int:
    """Do the jobs of a queue that are due, in this process; how many they were."""
    # the tests' own transaction would hold back what the jobs write
    model.Session.commit()
    return Worker(app.flask_app, queue).work_off()


@contextmanager
def working(
    command: list[str], log: Path, env: Mapping[str, str] | None = None
) -> Iterator["subprocess.Popen[bytes]"]:
    """A command of Python in a process group of its own; what is left of it is killed."""
    with log.open("ab") as out:
        child = subprocess.Popen(
            [sys.executable, *command],
            cwd=ROOT,
            env={**os.environ, **(env or {})},
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        yield child
    finally:
        kill(child)


def kill(child: "subprocess.Popen[bytes]") -> None:
    """End a process and its children as a power cut would."""
    with suppress(ProcessLookupError):
        os.killpg(child.pid, signal.SIGKILL)
    child.wait()


def until(found: Callable[[], Any], child: "subprocess.Popen[bytes] | None" = None) -> Any:
    """What a function finds, once it finds anything; asked again while the process lives."""
    began = time.monotonic()
    while not (result := found()):
        if child is not None and child.poll() is not None:
            raise AssertionError(f"the process ended with {child.returncode}")
        if time.monotonic() - began > PATIENCE:
            raise AssertionError("nothing happened for a long time")
        time.sleep(0.1)
    return result
