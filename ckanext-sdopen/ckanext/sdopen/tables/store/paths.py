"""Names of the files of versions, and the room that must stay on their disk."""

import os
import re
import shutil
from pathlib import Path

from ckanext.sdopen.tables.store.errors import MissingVersion, NoRoom

ENDING, PART = ".parquet", ".part"
_HASH = re.compile(r"[0-9a-f]{64}")


def name_of(digest: str) -> str:
    """The path of a version's file below its store: `ab/ab….parquet`.

    Raises:
        MissingVersion: what is given is no hash, so that it leads nowhere else either.
    """
    if not _HASH.fullmatch(digest):
        raise MissingVersion(hash=digest[:64])
    return f"{digest[:2]}/{digest}{ENDING}"


def hash_of(name: str) -> str | None:
    """The hash of a file by its path or name; None where it is no version's."""
    stem = name.rsplit("/", 1)[-1].removesuffix(ENDING)
    return stem if name.endswith(ENDING) and _HASH.fullmatch(stem) else None


def require_room(folder: Path, size: int, least: int) -> None:
    """Refuse what would leave less than `least` bytes on a folder's disk.

    Raises:
        NoRoom: it would.
    """
    if shutil.disk_usage(folder).free - size < least:
        raise no_room(folder, least)


def no_room(folder: Path, least: int) -> NoRoom:
    """The error that says how much room there is, and how many bytes must stay."""
    return NoRoom(free=shutil.disk_usage(folder).free >> 20, least=least >> 20)


def folder_to_disk(folder: Path) -> None:
    """Have the names of a folder written to the disk: a renamed file survives a power cut."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
