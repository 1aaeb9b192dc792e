"""The folder of made files: by version and question, the least recently used go first."""

import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import ckan.plugins.toolkit as tk

from ckanext.sdopen.table_publishing.made import settings
from ckanext.sdopen.table_publishing.made.bounds import TooLarge
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


@dataclass(frozen=True)
class Place:
    """A folder for one file that is being written, and for all that its writing needs."""

    folder: Path
    least_free: int

    @property
    def path(self) -> Path:
        """Where the file is written."""
        return self.folder / "file"

    def require(self, *, is_copied: bool = False) -> None:
        """Ask whether more may be written; asked again and again.

        Args:
            is_copied: whether all that stands here is written once more at the end.

        Raises:
            TooLarge: it takes more bytes than one file may.
            NoRoom: the disk has less room than must stay.
        """
        taken, most = 0, settings.most_bytes_of_one()
        for path in self.folder.iterdir():
            with suppress(FileNotFoundError):
                taken += path.stat().st_size
        if taken > most:
            message = tk._("The file would take more than {most} MB; take the CSV, or fewer rows")
            raise TooLarge(message.format(most=most >> 20))
        require_room(self.folder, taken if is_copied else 0, self.least_free)


@contextmanager
def place(least_free: int) -> Iterator[Place]:
    """Where a file is written; nothing of it is left when the block ends.

    Raises:
        NoRoom: the disk has less room than must stay.
    """
    made = Place(settings.folder() / f"{uuid4()}{_PART}", least_free)
    made.folder.mkdir(parents=True)
    try:
        made.require()
        yield made
    finally:
        shutil.rmtree(made.folder, ignore_errors=True)


@contextmanager
def new(name: str, least_free: int) -> Iterator[Place]:
    """Where a file is written that stands under its name, whole, when the block ends.

    Raises:
        NoRoom: the disk has less room than must stay.
    """
    with place(least_free) as made:
        yield made
        made.path.replace(settings.folder() / name)


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
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)
    return len(left)
