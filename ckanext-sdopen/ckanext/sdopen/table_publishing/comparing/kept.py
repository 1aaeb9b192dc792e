"""Differences that were made, within a bound of bytes: those that nobody asks for go first."""

import json
import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from ckanext.sdopen.table_publishing.comparing import settings

_ROWS, _ABOUT = ".jsonl", ".json"


@dataclass(frozen=True)
class Kept:
    """A difference: what `comparing.compare` tells of it, and the file of its rows."""

    summary: Mapping[str, Any]
    path: Path

    def rows(self, offset: int = 0, limit: int | None = None) -> Iterator[dict[str, Any]]:
        """`{"change", "columns", "before", "after"}` of each row."""
        with self.path.open(encoding="utf-8") as file:
            for line in islice(file, offset, None if limit is None else offset + limit):
                yield json.loads(line)


def find(key: str) -> Kept | None:
    """The difference of a pair; None where it is not there (any more)."""
    folder = settings.folder()
    rows, about = (folder / f"{key}{ending}" for ending in (_ROWS, _ABOUT))
    with suppress(FileNotFoundError):
        summary = json.loads(about.read_text(encoding="utf-8"))
        os.utime(rows)
        return Kept(summary, rows)
    return None


def keep(key: str, rows: Path, summary: Mapping[str, Any]) -> None:
    """Keep a difference; its rows are moved. What tells of it comes last, so that it is whole."""
    folder = settings.folder()
    _evict(folder, rows.stat().st_size)
    part = folder / f"{key}.{os.getpid()}.part"
    shutil.move(rows, part)
    os.replace(part, folder / f"{key}{_ROWS}")
    part.write_text(json.dumps(dict(summary), ensure_ascii=False), encoding="utf-8")
    os.replace(part, folder / f"{key}{_ABOUT}")


def _evict(folder: Path, room: int) -> None:
    """Remove what was longest not asked for, until so many bytes fit in; broken-off parts, too."""
    found = []
    for path in folder.glob(f"*{_ROWS}"):
        with suppress(FileNotFoundError):
            status = path.stat()
            found.append((status.st_mtime, status.st_size, path))
    held = sum(size for _, size, _ in found)
    for _, size, path in sorted(found):
        if held + room <= settings.most_bytes():
            break
        path.with_suffix(_ABOUT).unlink(missing_ok=True)
        path.unlink(missing_ok=True)
        held -= size
    for path in folder.glob("*.part"):
        path.unlink(missing_ok=True)
