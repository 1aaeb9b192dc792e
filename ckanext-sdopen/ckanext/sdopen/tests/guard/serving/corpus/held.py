"""An application whose work waits for a file, and one that takes memory; `HELD` names their folder.

Each request to `/held` leaves a file `begun-<n>` and ends when `release` is there.
"""

import itertools
import os
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from ckanext.sdopen.guard.serving.permits import Permits, Permitted

FOLDER = Path(os.environ["HELD"])
GROWS_BY = 160 << 20
WORKING, WAITING = 2, 3
_number = itertools.count()
_taken: list[bytearray] = []


def work(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """Answer with the process's id."""
    path = environ["PATH_INFO"]
    if path == "/grow":
        _taken.append(bytearray(os.urandom(1 << 20)) * (GROWS_BY >> 20))
    if path == "/held":
        (FOLDER / f"begun-{os.getpid()}-{next(_number)}").touch()
        deadline = time.monotonic() + 600
        while not (FOLDER / "release").exists() and time.monotonic() < deadline:
            time.sleep(0.02)
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [str(os.getpid()).encode()]


application = Permitted(work, Permits(WORKING, WAITING, 600), ("/free",))
