"""Run one command to its end, its output in a log file, and say in one sentence why it failed."""

import re
import shutil
import signal
import subprocess
import threading
import time
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from ckanext.sdopen.services.messages import Trouble, text

TAIL = 12
MANY = 200
# what a log says → the sentence that explains it; the first that matches counts
FAILURES = (
    ("disk_full", r"No space left on device|errno 28|Disk quota exceeded"),
    ("apt_locked", r"Could not get lock|Unable to acquire the dpkg frontend lock"),
    (
        "registry_unreachable",
        r"Could not resolve|Temporary failure (in name resolution|resolving)|Network is unreachable"
        r"|Failed to establish a new connection|Unknown host|Could not transfer artifact"
        r"|Failed to fetch|NewConnectionError|ConnectTimeout|Read timed out|ProxyError"
        r"|Cannot connect to proxy|unable to connect|Max retries exceeded|could not be resolved",
    ),
    ("hash_mismatch", r"DO NOT MATCH THE HASHES"),
    ("database_unreachable", r"OperationalError|could not connect to server"),
)

_Child = subprocess.Popen[bytes]
_live: dict[_Child, signal.Signals | None] = {}
# re-entrant: a signal handler asks for it too
_guard = threading.RLock()
_stopping = threading.Event()


class Stopped(Exception):
    """The command was ended because the whole run stops."""


def tail(log: Path, lines: int = TAIL) -> str:
    """The end of what the last command wrote into a log file."""
    try:
        with log.open("rb") as file:
            file.seek(max(0, log.stat().st_size - 65_536))
            found = file.read().decode("utf-8", "replace")
    except FileNotFoundError:
        return ""
    last = re.split(r"^== .*$", found, flags=re.MULTILINE)[-1]
    return "\n".join([line for line in last.splitlines() if line.strip()][-lines:])


def explanation(said: str) -> str | None:
    """The key of the sentence that explains what a failed command said."""
    for key, pattern in FAILURES:
        if re.search(pattern, said, re.IGNORECASE):
            return key
    return None


def failed(step: str, log: Path, code: int) -> Trouble:
    """The trouble of a failed step: a known cause, else the log's end."""
    key = explanation(tail(log, MANY))
    if key:
        return Trouble(key, what=text(f"step_{step}"), log=log)
    end = "\n".join(f"    {line}" for line in tail(log).splitlines())
    return Trouble("step_failed", what=text(f"step_{step}"), code=code, log=log, end=end)


def _begin(stop_by: signal.Signals | None, argv: Sequence[str], **how: Any) -> _Child:
    """Start a command and list it, unless the end has begun; the two in one, so none slips by."""
    with _guard:
        if _stopping.is_set():
            raise Stopped
        # its own session: the terminal's Ctrl-C reaches it once, by us
        bound = _bound_to_us() if stop_by else []
        child = subprocess.Popen([*bound, *argv], start_new_session=True, **how)
        _live[child] = stop_by
        return child


def _bound_to_us() -> list[str]:
    """The prefix that ends a command when we are killed, before a new run does the same work."""
    return ["setpriv", "--pdeathsig", "TERM"] if shutil.which("setpriv") else []


def _ended(child: _Child) -> None:
    with _guard:
        _live.pop(child, None)


def run(
    step: str,
    argv: Sequence[str],
    log: Path,
    *,
    env: Mapping[str, str] | None = None,
    cwd: Path | None = None,
    feed: str = "",
    patient: bool = False,
    output: Path | None = None,
    shown: bool = False,
    umask: int = -1,
) -> None:
    """Run a command; a `patient` one is never interrupted, a `shown` one writes to the terminal.

    `umask` is the command's own, else it has ours.
    """
    log.parent.mkdir(parents=True, exist_ok=True)
    with ExitStack() as files:
        file = files.enter_context(log.open("ab"))
        out = files.enter_context(output.open("wb")) if output else None
        stamp = time.strftime("%Y-%m-%d %H:%M:%S")
        file.write(f"== {stamp} {Path(argv[0]).name} ({step})\n".encode())
        file.flush()
        child = _begin(
            None if patient else signal.SIGTERM,
            argv,
            stdin=subprocess.PIPE,
            stdout=None if shown else (out or file),
            stderr=file,
            env=dict(env) if env is not None else None,
            cwd=cwd,
            umask=umask,
        )
        try:
            child.communicate(feed.encode())
        finally:
            _ended(child)
    if _stopping.is_set() and child.returncode:
        raise Stopped
    if child.returncode:
        raise failed(step, log, child.returncode)


def attend(argv: Sequence[str], env: Mapping[str, str], cwd: Path) -> int:
    """Run a command on the terminal; a stop interrupts it like Ctrl-C. Gives its exit status."""
    child = _begin(signal.SIGINT, argv, env=dict(env), cwd=cwd)
    try:
        return child.wait()
    finally:
        _ended(child)


def captured(argv: Sequence[str], cwd: Path) -> tuple[int, str]:
    """Run a command and keep what it writes. Gives its exit status and its words."""
    how = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.STDOUT}
    child = _begin(signal.SIGTERM, argv, cwd=cwd, **how)
    try:
        said, _ = child.communicate()
    finally:
        _ended(child)
    if _stopping.is_set():
        raise Stopped
    return child.returncode, said.decode("utf-8", "replace")


def companion(argv: Sequence[str], log: Path) -> _Child:
    """Start a command that goes on beside all others; who starts it ends it, or our own death."""
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("ab") as out:
        return subprocess.Popen(
            [*_bound_to_us(), *argv],
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )


def stop_all() -> None:
    """Ask every running command to end and start no other; patient ones finish first."""
    with _guard:
        _stopping.set()
        for child, number in _live.items():
            if number:
                child.send_signal(number)


def stopping() -> bool:
    """Whether the end has begun."""
    return _stopping.is_set()


def any_live() -> bool:
    """Whether a command is still running."""
    with _guard:
        return bool(_live)


def resume() -> None:
    """Allow commands again after `stop_all`."""
    _stopping.clear()
