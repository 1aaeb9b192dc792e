"""Files of versions in a folder of this machine."""

import os
import shutil
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from uuid import uuid4

from ckanext.sdopen.tables.store.errors import MissingVersion
from ckanext.sdopen.tables.store.paths import (
    ENDING,
    PART,
    folder_to_disk,
    hash_of,
    name_of,
    require_room,
)

PARTS = "parts"


class LocalStore:
    """Versions as `<folder>/ab/<hash>.parquet`; what is being written is in `<folder>/parts`."""

    def __init__(self, folder: Path, least_free: int) -> None:
        self.folder = folder
        self._least_free = least_free

    def part(self) -> Path:
        """A new path on the disk of the versions, at which one can be written.

        Raises:
            NoRoom: the disk has less room than must stay.
        """
        return new_part(self.folder / PARTS, self._least_free)

    def put(self, part: Path, digest: str) -> None:
        """Make a part, which is on the disk, the file of a version: whole or not at all.

        Of a version that is there already the file is as new again, so that no sweep takes it.
        """
        path = self.folder / name_of(digest)
        path.parent.mkdir(parents=True, exist_ok=True)
        part.replace(path)
        os.utime(path)
        folder_to_disk(path.parent)

    def path(self, digest: str) -> Path:
        """Where the file of a version can be read.

        Raises:
            MissingVersion: it is not there.
        """
        path = self.folder / name_of(digest)
        if not path.is_file():
            raise MissingVersion(hash=digest)
        return path

    def has(self, digest: str) -> bool:
        """Whether the file of a version is there."""
        return (self.folder / name_of(digest)).is_file()

    def delete(self, digest: str) -> None:
        """Remove the file of a version, if it is there; who reads it reads on."""
        (self.folder / name_of(digest)).unlink(missing_ok=True)

    def hashes(self) -> Iterator[tuple[str, float]]:
        """(hash, seconds since it was put) of every version."""
        moment = time.time()
        for path in self.folder.glob(f"??/*{ENDING}"):
            digest = hash_of(path.name)
            with suppress(FileNotFoundError):
                if digest:
                    yield digest, moment - path.stat().st_mtime

    def sweep_parts(self, seconds: float) -> int:
        """Remove parts that nobody wrote to for so long; how many they were."""
        return sweep_parts(self.folder / PARTS, seconds)


def new_part(folder: Path, least_free: int) -> Path:
    """A new path in a folder of parts.

    Raises:
        NoRoom: its disk has less room than must stay.
    """
    folder.mkdir(parents=True, exist_ok=True)
    require_room(folder, 0, least_free)
    return folder / f"{uuid4()}{PART}"


def sweep_parts(folder: Path, seconds: float) -> int:
    """Remove what stands in a folder of parts and is as old as that; how many things they were.

    Beside parts these are the temporary folders of makings that were killed.
    """
    removed, moment = 0, time.time()
    for path in folder.glob("*"):
        with suppress(FileNotFoundError):
            if moment - path.stat().st_mtime < seconds:
                continue
            if path.is_dir():
                shutil.rmtree(path, ignore_errors=True)
            else:
                path.unlink()
            removed += 1
    return removed
