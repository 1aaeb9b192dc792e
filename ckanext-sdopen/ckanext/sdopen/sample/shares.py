"""Load entries by processes side by side: each takes its share and says how far it is."""

import os
import subprocess
import sys
import threading
from collections.abc import Callable

Told = Callable[[int], None]


class ShareFailed(Exception):
    """A process ended with an error; the text is what it said last."""


def _listen(process: subprocess.Popen[str], told: Told) -> None:
    if process.stdout is None:
        return
    for line in process.stdout:
        if line.startswith("loaded "):
            told(int(line.split()[1]))


def run(ini: str, arguments: list[str], workers: int, told: Told) -> None:
    """Run `ckan … arguments SHARE SHARES` in `workers` processes until all have ended.

    Raises:
        ShareFailed: one of them failed; the others are stopped, what they committed stays.
    """
    processes = [
        subprocess.Popen(
            [*_ckan(ini), *arguments, str(share), str(workers)],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=os.environ,
        )
        for share in range(workers)
    ]
    listeners = [
        threading.Thread(target=_listen, args=(process, told), daemon=True) for process in processes
    ]
    for listener in listeners:
        listener.start()
    try:
        _wait(processes)
    finally:
        for process in processes:
            if process.poll() is None:
                process.terminate()
                process.wait()
        for listener in listeners:
            listener.join()


def _ckan(ini: str) -> list[str]:
    return [sys.executable, "-c", "from ckan.cli.cli import ckan; ckan()", "-c", ini]


def _wait(processes: list[subprocess.Popen[str]]) -> None:
    for process in processes:
        # standard error is read to its end, so that a process never waits for its reader
        said = process.stderr.read() if process.stderr else ""
        if process.wait() != 0:
            raise ShareFailed(said[-2000:])
