"""Check a book in a process of its own, with little memory and time: a book may be hostile.

A 1.4 KB book with a cell at XFD1048576 kills a parser, others inflate to gigabytes. The child
reads, checks and annotates; the parent reads what it left in a folder.
"""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from ckanext.sdopen.catalog.profiles import Profile
from ckanext.sdopen.catalog.workbook.messages import BookError

MEMORY_MB, SECONDS = 1024, 30
SUMMARY, FINDINGS, ENTRIES, ANNOTATED = (
    "summary.json",
    "findings.jsonl",
    "entries.jsonl",
    "annotated.xlsx",
)
# how the child ends
DONE, UNREADABLE, OUT_OF_MEMORY = 0, 5, 7
_MODULE = "ckanext.sdopen.catalog.workbook"
# of the environment the child gets no more than it needs to start: no addresses, no passwords
_PASSED = ("PATH", "PYTHONPATH", "LD_LIBRARY_PATH", "LANG", "LC_ALL", "TZ")
# what an allocator writes as it gives up
_NO_MEMORY = ("memory allocation", "MemoryError", "Cannot allocate", "std::bad_alloc")


@dataclass(frozen=True)
class Bounds:
    """What the child may use: address space in MB, seconds of the clock and of the processor."""

    memory_mb: int = MEMORY_MB
    seconds: int = SECONDS


@dataclass(frozen=True)
class Request:
    """What is asked of the child."""

    book: Path
    profile: Profile
    day: date
    lang: str = "zh"
    annotate: bool = False
    entries: bool = False
    bounds: Bounds = field(default_factory=Bounds)

    def as_json(self, folder: Path) -> str:
        """The request as the child reads it."""
        profile = self.profile
        return json.dumps(
            {
                "book": str(self.book.resolve()),
                "folder": str(folder.resolve()),
                "profile": {
                    "name": profile.name,
                    "severities": dict(profile.severities),
                    "limits": asdict(profile.limits),
                    "code_pattern": profile.code_pattern.pattern,
                },
                "day": self.day.isoformat(),
                "lang": self.lang,
                "annotate": self.annotate,
                "entries": self.entries,
                "bounds": asdict(self.bounds),
            }
        )


@dataclass(frozen=True)
class Checked:
    """A check that was done: its summary, and the folder with the rest."""

    summary: dict[str, Any]
    folder: Path

    def _lines(self, name: str) -> Iterator[dict[str, Any]]:
        with (self.folder / name).open(encoding="utf-8") as file:
            for line in file:
                yield json.loads(line)

    def findings(self) -> Iterator[dict[str, Any]]:
        """One object a finding, in the order of the cells."""
        return self._lines(FINDINGS)

    def entries(self) -> Iterator[dict[str, Any]]:
        """`{"entry", "sheet", "row", "errors"}` of each catalog that is no secret."""
        return self._lines(ENTRIES)

    def confidential(self) -> BookError | None:
        """What is said of a book that bears marks of secrecy; None for all others."""
        count, cells = self.summary["confidential"], self.summary["confidential_cells"]
        if not count:
            return None
        return BookError("book_confidential", count=count, cells="、".join(cells))

    @property
    def annotated(self) -> Path | None:
        """The annotated copy, where one was made."""
        path = self.folder / ANNOTATED
        return path if path.exists() else None


def check_book(request: Request, folder: Path) -> Checked:
    """Check a book in a child process; what it makes stands in `folder`.

    Raises:
        BookError: the book cannot be read within the bounds; nothing of it was taken.
    """
    seconds = request.bounds.seconds
    # -P: nothing is imported from the folder that a user happens to stand in
    command = [sys.executable, "-P", "-m", _MODULE]
    environment = {name: os.environ[name] for name in _PASSED if name in os.environ}
    try:
        ended = subprocess.run(
            command,
            input=request.as_json(folder).encode(),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            env={**environment, "RUST_BACKTRACE": "0"},
            timeout=seconds,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise BookError("book_slow", seconds=seconds) from None
    if ended.returncode != DONE:
        raise _failure(ended, request, folder)
    summary = json.loads((folder / SUMMARY).read_text(encoding="utf-8"))
    return Checked(summary, folder)


def _failure(
    ended: "subprocess.CompletedProcess[bytes]", request: Request, folder: Path
) -> BookError:
    if ended.returncode == UNREADABLE:
        told = json.loads((folder / SUMMARY).read_text(encoding="utf-8"))
        return BookError(told["error"], **told["params"])
    said = ended.stderr.decode("utf-8", "replace")
    if ended.returncode == OUT_OF_MEMORY or any(word in said for word in _NO_MEMORY):
        return BookError("book_memory", limit=request.bounds.memory_mb)
    if ended.returncode in (-signal.SIGXCPU, -signal.SIGKILL):
        return BookError("book_slow", seconds=request.bounds.seconds)
    return BookError("book_crashed")
