"""Check a book in a process of its own, with little memory and time: a book may be hostile.

A 1.4 KB book with a cell at XFD1048576 kills a parser, others inflate to gigabytes. The child
reads, checks and annotates; the parent reads what it left in a folder.
"""

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from ckanext.sdopen.sheets import confinement
from ckanext.sdopen.sheets.confinement import Bounds, End, Ended
from ckanext.sdopen.standard.profiles import Profile
from ckanext.sdopen.workbook.messages import BookError

SUMMARY, FINDINGS, ENTRIES, ANNOTATED = (
    "summary.json",
    "findings.jsonl",
    "entries.jsonl",
    "annotated.xlsx",
)
_MODULE = "ckanext.sdopen.workbook"


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

    def as_dict(self, folder: Path) -> dict[str, Any]:
        """The request as the child reads it."""
        profile = self.profile
        return {
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
        }


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
    try:
        confinement.run(_MODULE, request.as_dict(folder), request.bounds)
    except Ended as ended:
        raise _refused(ended, request.bounds) from None
    summary = json.loads((folder / SUMMARY).read_text(encoding="utf-8"))
    return Checked(summary, folder)


def _refused(ended: Ended, bounds: Bounds) -> BookError:
    if ended.end is End.REFUSED:
        return BookError(ended.code, **ended.params)
    if ended.end is End.MEMORY:
        return BookError("book_memory", limit=bounds.memory_mb)
    if ended.end is End.SLOW:
        return BookError("book_slow", seconds=bounds.seconds)
    return BookError("book_crashed")
