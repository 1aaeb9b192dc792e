"""A real worker of the queue of tables that stops once, at a point of a load, until it is killed.

`python -m … settings.ini folder point`: the point is `making` or `publishing`; the worker touches
`reached` in the folder there, and does all else as any worker does.
"""

import signal
import sys
import threading
from pathlib import Path
from typing import Any

from ckan.cli.cli import CtxObject

from ckanext.sdopen.jobs.kinds import Queue
from ckanext.sdopen.jobs.work.worker import Worker
from ckanext.sdopen.tables import history
from ckanext.sdopen.tables.confined import calls

# what a load calls at each point
POINTS = {"making": (calls, "make"), "publishing": (history, "publish")}


def _stop_at(folder: Path, point: str) -> None:
    owner, name = POINTS[point]
    real = getattr(owner, name)

    def stopping(*given: Any, **named: Any) -> Any:
        found = real(*given, **named)
        reached = folder / "reached"
        if not reached.exists():
            reached.touch()
            signal.pause()
        return found

    setattr(owner, name, stopping)


def main() -> None:
    """Work until SIGTERM."""
    app = CtxObject(sys.argv[1]).app._wsgi_app
    if len(sys.argv) > 2:
        _stop_at(Path(sys.argv[2]), sys.argv[3])
    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    Worker(app, Queue.TABLES, stop).run()


if __name__ == "__main__":
    main()
