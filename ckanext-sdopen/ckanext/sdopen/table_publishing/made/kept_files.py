"""The folder of made files: by version and question, the least recently used go first."""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from uuid import uuid4

from ckanext.sdopen.table_publishing.made import settings
from ckanext.sdopen.tables.store.paths import require_room

_PART = ".part"
# how old the note of the last use may be: not each download writes one
_NOTED = 3_600.0
# what a killed process left
_LEFT = 86_400.0
# room is made for more than one file
_SHARE = 0.9


def find(name: str) -> Path | None:
    """The made file of a name, which is used now; None where there is none."""
    path = settings.folder() / name
    with suppress(FileNotFoundError):
        if time.time() - path.stat().st_mtime > _NOTED:
            os.utime(path)
        return path
    return None


def size(name: str) -> int | None:
    """The bytes of a made file, without using it; None where there is none."""
    with suppress(FileNotFoundError):
        return (settings.folder() / name).stat().st_size
    return None


@contextmanager
def new(name: str, least_free: int) -> Iterator[Path]:
    """A path at which a file is written; it stands under its name, whole, when the block ends.

    Raises:
        NoRoom: the disk has less room than must stay.
    """
    folder = settings.folder()
    folder.mkdir(parents=True, exist_ok=True)
    require_room(folder, 0, least_free)
    part = folder / f"{uuid4()}{_PART}"
    try:
        yield part
        part.replace(folder / name)
    finally:
        part.unlink(missing_ok=True)


def _files() -> list[tuple[float, int, Path]]:
    """(last use, bytes, path) of all files, the least recently used first."""
    found = []
    for path in settings.folder().glob("*"):
        with suppress(FileNotFoundError):
            state = path.stat()
            found.append((state.st_mtime, state.st_size, path))
    return sorted(found)


def make_room() -> int:
    """Remove what was not used for longest, until the rest is within its bound; how many."""
    files = [one for one in _files() if one[2].suffix != _PART]
    total, most = sum(size for _, size, _ in files), settings.most_bytes()
    if total <= most:
        return 0
    removed = 0
    for _, taken, path in files:
        if total <= most * _SHARE:
            break
        path.unlink(missing_ok=True)
        total, removed = total - taken, removed + 1
    return removed


def digests() -> set[str]:
    """The hashes of the versions of which there are files."""
    return {path.name.partition("-")[0] for _, _, path in _files() if path.suffix != _PART}


def remove(digest: str) -> int:
    """Remove all files of a version; how many they were."""
    paths = list(settings.folder().glob(f"{digest}-*"))
    for path in paths:
        path.unlink(missing_ok=True)
    return len(paths)


def remove_left() -> int:
    """Remove what killed processes left unfinished; how many files they were."""
    now = time.time()
    left = [path for used, _, path in _files() if path.suffix == _PART and now - used > _LEFT]
    for path in left:
        path.unlink(missing_ok=True)
    return len(left)
