"""How processes of a load are stopped and killed."""

import os
import select
import signal
from contextlib import suppress
from pathlib import Path
from typing import Any

from ckanext.sdopen.tables import history


def stop_before_commit(told: int) -> None:
    """Have this process say when a file has its name and the pointer is written, and wait there."""
    real = history.publish

    def stopping(*given: Any, **named: Any) -> Any:
        real(*given, **named)
        os.write(told, b".")
        while True:
            signal.pause()

    history.publish = stopping  # type: ignore[assignment]


def kill_child(pid: int, heard: int) -> None:
    """Kill the process that reads or makes for a worker, once there is one or the worker ends."""
    while not select.select([heard], [], [], 0.01)[0]:
        for child in _children(pid):
            with suppress(ProcessLookupError):
                os.kill(child, signal.SIGKILL)
                return


def _children(pid: int) -> list[int]:
    try:
        listed = Path(f"/proc/{pid}/task/{pid}/children").read_text()
    except OSError:
        return []
    return [int(one) for one in listed.split()]


def lives(group: int) -> bool:
    """Whether any process of a group is left."""
    try:
        os.killpg(group, 0)
    except (ProcessLookupError, PermissionError):
        return False
    return True
