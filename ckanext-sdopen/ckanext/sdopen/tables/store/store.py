"""What a store of versions can do, and the one of a URL."""

from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

from ckanext.sdopen.tables.store.local import LocalStore
from ckanext.sdopen.tables.store.remote import RemoteStore


class Store(Protocol):
    """Files of versions by their hashes; see `LocalStore`."""

    def part(self) -> Path:
        """A new local path, at which a version can be written."""

    def put(self, part: Path, digest: str) -> None:
        """Make a part, which is on the disk, the file of a version."""

    def path(self, digest: str) -> Path:
        """Where the file of a version can be read on this machine."""

    def has(self, digest: str) -> bool:
        """Whether the file of a version is there."""

    def delete(self, digest: str) -> None:
        """Remove the file of a version, if it is there."""

    def hashes(self) -> Iterator[tuple[str, float]]:
        """(hash, seconds since it was put) of every version."""

    def sweep_parts(self, seconds: float) -> int:
        """Remove parts that nobody wrote to for so long; how many they were."""


def store_at(url: str, folder: Path, most_cached: int, least_free: int) -> Store:
    """The store of a URL such as `s3://bucket/tables`; that of the folder where there is none.

    Args:
        url: where versions are kept, empty for the folder.
        folder: the local folder of versions, or of the copies of those elsewhere.
        most_cached: bytes of such copies.
        least_free: bytes that must stay free on the folder's disk.
    """
    if url:
        return RemoteStore(url, folder, most_cached, least_free)
    return LocalStore(folder, least_free)
