"""Differences that were made, within a bound of bytes: those that nobody asks for go first.

They are named by the hashes of their versions, with which they go.
"""

import json
import os
import shutil
import time
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any, Self, TextIO

from ckanext.sdopen.errors import SdopenError
from ckanext.sdopen.table_publishing.comparing import settings

_ROWS, _ABOUT, _PART = ".jsonl", ".json", ".part"
# what a killed process left
_LEFT = 86_400.0


class TooMuch(SdopenError):
    """A difference is larger than all together may be."""


@dataclass(frozen=True)
class Kept:
    """A difference: what `comparing.compare` tells of it, and its rows, open until it is closed.

    So it can be read to its end, though it goes meanwhile.
    """

    summary: Mapping[str, Any]
    file: TextIO

    def rows(self, offset: int = 0, limit: int | None = None) -> Iterator[dict[str, Any]]:
        """`{"change", "columns", "before", "after"}` of each row."""
        self.file.seek(0)
        for line in islice(self.file, offset, None if limit is None else offset + limit):
            yield json.loads(line)

    def close(self) -> None:
        """Read no more."""
        self.file.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def find(name: str) -> Kept | None:
    """The difference of a pair by its name, for the caller to close; None where there is none."""
    folder = settings.folder()
    with suppress(FileNotFoundError):
        file = (folder / f"{name}{_ROWS}").open(encoding="utf-8")
        try:
            summary = json.loads((folder / f"{name}{_ABOUT}").read_text(encoding="utf-8"))
        except BaseException:
            file.close()
            raise
        os.utime(file.fileno())
        return Kept(summary, file)
    return None


def keep(name: str, rows: Path, summary: Mapping[str, Any]) -> None:
    """Keep a difference; its rows are moved. What tells of it comes last, so that it is whole.

    Raises:
        TooMuch: it is larger than all together may be.
    """
    folder, size = settings.folder(), rows.stat().st_size
    if size > settings.most_bytes():
        raise TooMuch(size)
    _evict(folder, size)
    part = folder / f"{name}.{os.getpid()}{_PART}"
    shutil.move(rows, part)
    os.replace(part, folder / f"{name}{_ROWS}")
    part.write_text(json.dumps(dict(summary), ensure_ascii=False), encoding="utf-8")
    os.replace(part, folder / f"{name}{_ABOUT}")


def _evict(folder: Path, room: int) -> None:
    """Remove what was longest not asked for, until so many bytes fit in; old parts, too."""
    found = []
    for path in folder.glob(f"*{_ROWS}"):
        with suppress(FileNotFoundError):
            status = path.stat()
            found.append((status.st_mtime, status.st_size, path))
    held = sum(size for _, size, _ in found)
    for _, size, path in sorted(found):
        if held + room <= settings.most_bytes():
            break
        forget(path.stem)
        held -= size
    remove_left()


def forget(name: str) -> None:
    """Remove a difference by its name."""
    folder = settings.folder()
    for ending in (_ABOUT, _ROWS):
        (folder / f"{name}{ending}").unlink(missing_ok=True)


def remove_left() -> None:
    """Remove what killed processes left unfinished; others may be writing the rest."""
    for path in settings.folder().glob(f"*{_PART}"):
        with suppress(FileNotFoundError):
            if time.time() - path.stat().st_mtime > _LEFT:
                path.unlink()


def every() -> dict[str, set[str]]:
    """{name of each difference: the hashes of its versions}."""
    paths = [path for path in settings.folder().iterdir() if path.suffix in (_ROWS, _ABOUT)]
    return {path.stem: set(path.stem.split("-")[:2]) for path in paths}


def remove(digest: str) -> None:
    """Remove all differences of a version."""
    for name, digests in every().items():
        if digest in digests:
            forget(name)
