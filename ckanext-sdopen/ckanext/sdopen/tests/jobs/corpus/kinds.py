"""Kinds of jobs that the tests do, and a command that works at them in real processes.

`python -m ckanext.sdopen.tests.jobs.corpus.kinds INI` forks a process for each of their queues.
"""

import os
import signal
import sys
import threading
import time
from pathlib import Path

from ckan.cli.cli import CtxObject

from ckanext.sdopen.jobs.held import Again, Job, Refused
from ckanext.sdopen.jobs.kinds import Kind, Periodic, Queue, declared
from ckanext.sdopen.jobs.work.crew import Crew

_LONG = 600.0


def _steps(job: Job) -> dict[str, int]:
    """Note each step in a file; before the step `hold` wait until the file `go` is there."""
    folder, total = Path(job.payload["folder"]), int(job.payload["total"])
    for number in range(int(job.kept.get("next", 0)), total):
        if number == job.payload.get("hold"):
            (folder / f"held-{os.getpid()}").touch()
            while not (folder / "go").exists():
                time.sleep(0.05)
        with (folder / "steps").open("a") as file:
            file.write(f"{number}\n")
        job.progress(number + 1, total, {"next": number + 1})
    return {"steps": total}


def _hang(job: Job) -> None:
    (Path(job.payload["folder"]) / f"held-{os.getpid()}").touch()
    time.sleep(_LONG)


def _refuse(job: Job) -> None:
    raise Refused("没有这样的表")


def _later(job: Job) -> None:
    raise Again(float(job.payload["seconds"]))


def _fail(job: Job) -> None:
    raise RuntimeError("the password is swordfish")


def _language(job: Job) -> dict[str, str]:
    import ckan.plugins.toolkit as tk

    return {"said": tk._("Waiting for its turn")}


def _tick() -> str:
    with Path(os.environ["SDOPEN_TEST_TICKS"]).open("a") as file:
        file.write(f"{os.getpid()}\n")
    return "ticked"


STEPS = Kind("steps", Queue.IMPORTS, _steps, lambda: _LONG)
# two seconds are far less than it takes, whatever the machine does meanwhile
HANG = Kind("hang", Queue.TABLES, _hang, lambda: 2.0, tries=2)
REFUSE = Kind("refuse", Queue.CHECKS, _refuse, lambda: _LONG)
LATER = Kind("later", Queue.CHECKS, _later, lambda: _LONG)
FAIL = Kind("fail", Queue.CHECKS, _fail, lambda: _LONG, tries=2)
LANGUAGE = Kind("language", Queue.MAIL, _language, lambda: _LONG)
TICK = Periodic("tick", Queue.UPKEEP, lambda: 1.0, _tick, _LONG)
KINDS = (STEPS, HANG, REFUSE, LATER, FAIL, LANGUAGE)


def main() -> None:
    """Work until SIGTERM."""
    ticks = (TICK,) if "SDOPEN_TEST_TICKS" in os.environ else ()
    app = CtxObject(sys.argv[1]).app._wsgi_app
    declared.use(lambda: (*KINDS, *ticks))
    stop, parent = threading.Event(), os.getppid()

    def watch() -> None:
        # tests that were killed leave nobody behind who would take the jobs of the next ones
        while os.getppid() == parent and not stop.wait(1.0):
            pass
        stop.set()

    threading.Thread(target=watch, daemon=True).start()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    Crew(app, declared.queues(), stop).run()


if __name__ == "__main__":
    main()
