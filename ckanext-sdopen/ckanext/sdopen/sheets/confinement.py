"""Work on a stranger's file in a process of its own, with little memory and time.

A file of a kilobyte may kill a parser, or unpack to gigabytes. The parent calls `run` with the
name of a module; that module's `__main__` hands its work to `serve`.
"""

import errno
import gc
import json
import os
import resource
import selectors
import signal
import subprocess
import sys
import tempfile
import time
import traceback
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from types import TracebackType
from typing import IO, Any

from ckanext.sdopen.errors import SdopenError

_MIB = 1 << 20
# how the child ends
_DONE, _REFUSED, _OUT_OF_MEMORY, _TOO_MUCH, _NO_ROOM = 0, 5, 7, 8, 9
# of the environment the child gets no more than it needs to start: no addresses, no passwords
_PASSED = ("PATH", "PYTHONPATH", "LD_LIBRARY_PATH", "LANG", "LC_ALL", "TZ")
# what an allocator writes as it gives up
_NO_MEMORY = (
    "memory allocation",
    "MemoryError",
    "Cannot allocate",
    "cannot allocate memory",
    "std::bad_alloc",
)


@dataclass(frozen=True)
class Bounds:
    """What a child may use: address space and the largest file in MB, seconds of the clock and
    of the processor (0: as many as of the clock)."""

    memory_mb: int = 1024
    seconds: int = 30
    cpu_seconds: int = 0
    file_mb: int = 2048


class Refusal(SdopenError):
    """What is wrong with a file: the code of a sentence, and its parameters."""

    code: str
    params: Mapping[str, Any]


class End(StrEnum):
    """Why a child came to no answer."""

    REFUSED = "refused"
    SLOW = "slow"
    MEMORY = "memory"
    TOO_MUCH = "too_much"
    NO_ROOM = "no_room"
    CRASHED = "crashed"


class Ended(SdopenError):
    """The child came to no answer; of a refusal, `code` and `params` are what it refused by."""

    def __init__(self, end: End, code: str = "", params: Mapping[str, Any] | None = None) -> None:
        self.end, self.code, self.params = end, code, dict(params or {})
        super().__init__(f"the child process ended: {end} {code}".rstrip())


_ENDS = {_OUT_OF_MEMORY: End.MEMORY, _TOO_MUCH: End.TOO_MUCH, _NO_ROOM: End.NO_ROOM} | {
    -number: End.SLOW for number in (signal.SIGXCPU, signal.SIGKILL)
}


def run(
    module: str,
    request: Mapping[str, Any],
    bounds: Bounds,
    told: Callable[[Any], None] | None = None,
) -> Any:
    """The answer of `python -m module` to a request; both are plain JSON.

    Args:
        told: called with what the child says meanwhile by `say`; what it raises ends the child.

    Raises:
        Ended: the child refused, or broke one of its bounds.
    """
    ends = time.monotonic() + bounds.seconds
    answer: Any = None
    with tempfile.TemporaryFile() as complaints, _started(module, complaints) as process:
        try:
            _hand_over(process, {"request": request, "bounds": asdict(bounds)})
            for line in _lines(process, ends):
                said = json.loads(line)
                if "said" in said:
                    (told or _unheard)(said["said"])
                else:
                    answer = said
            process.wait(max(0.1, ends - time.monotonic()))
        except subprocess.TimeoutExpired:
            process.kill()
            raise Ended(End.SLOW) from None
        except BaseException:
            process.kill()
            raise
        if process.returncode != _DONE:
            complaints.seek(max(0, complaints.tell() - _MIB))
            raise _ended(process.returncode, answer, complaints.read())
    return answer["answer"]


def _unheard(said: Any) -> None:
    return None


def _started(module: str, complaints: IO[bytes]) -> "subprocess.Popen[bytes]":
    environment = {name: os.environ[name] for name in _PASSED if name in os.environ}
    return subprocess.Popen(
        # -P: nothing is imported from the folder that a user happens to stand in
        [sys.executable, "-P", "-m", module],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=complaints,
        env={**environment, "RUST_BACKTRACE": "0"},
    )


def _hand_over(process: "subprocess.Popen[bytes]", request: Mapping[str, Any]) -> None:
    assert process.stdin  # noqa: S101 for the types
    try:
        with process.stdin as stream:
            stream.write(json.dumps(request).encode())
    except BrokenPipeError:
        # it died before it read; how, its end tells
        return


def _lines(process: "subprocess.Popen[bytes]", ends: float) -> Iterator[bytes]:
    """What the child writes, line by line; TimeoutExpired once the clock has run out."""
    assert process.stdout  # noqa: S101 for the types
    rest = b""
    with selectors.DefaultSelector() as waiting:
        waiting.register(process.stdout, selectors.EVENT_READ)
        while waiting.select(max(0.0, ends - time.monotonic())) and time.monotonic() < ends:
            data = os.read(process.stdout.fileno(), _MIB)
            if not data:
                return
            *lines, rest = (rest + data).split(b"\n")
            yield from lines
    raise subprocess.TimeoutExpired(process.args, 0)


def _ended(status: int, answer: Any, complaints: bytes) -> Ended:
    if status == _REFUSED:
        return Ended(End.REFUSED, answer["refused"], answer["params"])
    said = complaints.decode("utf-8", "replace")
    if any(word in said for word in _NO_MEMORY):
        return Ended(End.MEMORY)
    return Ended(_ENDS.get(status, End.CRASHED))


def say(said: Any) -> None:
    """Tell the parent something meanwhile; it is plain JSON."""
    _write({"said": said})


def _write(line: Mapping[str, Any]) -> None:
    sys.stdout.write(json.dumps(line) + "\n")
    sys.stdout.flush()


def _confine(bounds: Bounds) -> None:
    memory, file = bounds.memory_mb * _MIB, bounds.file_mb * _MIB
    seconds = bounds.cpu_seconds or bounds.seconds
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_FSIZE, (file, file))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    os.umask(0o077)


def _hook(kind: type[BaseException], value: BaseException, trace: TracebackType | None) -> None:
    """Where it failed, without the message: it may quote the file."""
    ending = {
        errno.EFBIG: _TOO_MUCH,
        errno.ENOSPC: _NO_ROOM,
        errno.ENOMEM: _OUT_OF_MEMORY,
    }
    status = _OUT_OF_MEMORY if issubclass(kind, MemoryError) else None
    if isinstance(value, OSError):
        status = ending.get(value.errno or 0)
    try:
        frames = traceback.extract_tb(trace)
        said = "".join(f"{frame.filename}:{frame.lineno}\n" for frame in frames)
        sys.stderr.write(f"{kind.__name__}\n{said}")
        sys.stderr.flush()
    finally:
        if status is not None:
            os._exit(status)


def serve(work: Callable[[dict[str, Any]], Any]) -> int:
    """Do one piece of work within the bounds that the parent set; the status to exit with."""
    sys.excepthook = _hook
    # a short life with few cycles: looking for them costs a fifth of the time
    gc.disable()
    asked = json.loads(sys.stdin.read())
    _confine(Bounds(**asked["bounds"]))
    try:
        answer = work(asked["request"])
    except Refusal as error:
        params = {name: _plain(value) for name, value in error.params.items()}
        _write({"refused": error.code, "params": params})
        return _REFUSED
    _write({"answer": answer})
    return _DONE


def _plain(value: Any) -> int | str:
    return value if isinstance(value, int) else str(value)
