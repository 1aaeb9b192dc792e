"""Files of versions in a storage elsewhere, by its URL; they are read from a bounded local copy."""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import obstore
from obstore.exceptions import BaseError, NotFoundError
from obstore.store import from_url

from ckanext.sdopen.tables.making.parquet import content_hash
from ckanext.sdopen.tables.store.errors import MissingVersion, NoRoom, StorageAway
from ckanext.sdopen.tables.store.local import PARTS, new_part, sweep_parts
from ckanext.sdopen.tables.store.paths import ENDING, hash_of, name_of, require_room

# a storage that hangs is away
_CLIENT = {"connect_timeout": "5s", "timeout": "120s"}
_RETRIES: Any = {"max_retries": 2}


class RemoteStore:
    """Versions as `<url>/ab/<hash>.parquet`, with copies of those that are read in a local folder.

    Credentials come from the environment, as every S3 client reads it (AWS_ACCESS_KEY_ID …); a
    storage that is not Amazon's is named by AWS_ENDPOINT_URL.
    """

    def __init__(self, url: str, cache: Path, most_cached: int, least_free: int) -> None:
        options: Any = dict(_CLIENT)
        if os.environ.get("AWS_ENDPOINT_URL", "").startswith("http://"):
            options["allow_http"] = True
        own: Any = {"disable_bulk_delete": True} if url.startswith("s3") else {}
        self._store: Any = from_url(url, config=own, client_options=options, retry_config=_RETRIES)
        self.folder = cache
        self._most_cached, self._least_free = most_cached, least_free

    def part(self) -> Path:
        """A new local path, at which a version can be written.

        Raises:
            NoRoom: the disk has less room than must stay.
        """
        return new_part(self.folder / PARTS, self._least_free)

    def put(self, part: Path, digest: str) -> None:
        """Make a part the file of a version: the storage shows it whole or not at all.

        Raises:
            StorageAway: it could not be kept; the part stays.
        """
        with _named(digest):
            obstore.put(self._store, name_of(digest), part)
        self._keep(part, digest)

    def path(self, digest: str) -> Path:
        """Where the file of a version can be read: its local copy, made if it is not there.

        Raises:
            MissingVersion: the storage does not have it, or has other bytes under its name.
            StorageAway: the storage does not answer.
        """
        copy = self.folder / name_of(digest)
        with suppress(FileNotFoundError):
            os.utime(copy)
            return copy
        part = self.part()
        try:
            self._fetch(digest, part)
            if content_hash(part) != digest:
                raise MissingVersion(hash=digest)
            return self._keep(part, digest)
        finally:
            part.unlink(missing_ok=True)

    def _fetch(self, digest: str, part: Path) -> None:
        with _named(digest):
            found = obstore.get(self._store, name_of(digest))
            size = found.meta["size"]
            try:
                require_room(part.parent, size, self._least_free)
            except NoRoom:
                self._evict(self._most_cached)
                require_room(part.parent, size, self._least_free)
            with part.open("wb") as file:
                for piece in found.stream(min_chunk_size=1 << 20):
                    file.write(piece)

    def _keep(self, part: Path, digest: str) -> Path:
        copy = self.folder / name_of(digest)
        copy.parent.mkdir(parents=True, exist_ok=True)
        self._evict(part.stat().st_size)
        part.replace(copy)
        os.utime(copy)
        return copy

    def _evict(self, room: int) -> None:
        """Remove the copies that were longest not asked for, until so many bytes fit in."""
        copies = []
        for path in self.folder.glob(f"??/*{ENDING}"):
            with suppress(FileNotFoundError):
                found = path.stat()
                copies.append((found.st_mtime, found.st_size, path))
        held = sum(size for _, size, _ in copies)
        for _, size, path in sorted(copies):
            if held + room <= self._most_cached:
                return
            path.unlink(missing_ok=True)
            held -= size

    def has(self, digest: str) -> bool:
        """Whether the storage has the file of a version.

        Raises:
            StorageAway: it does not answer.
        """
        try:
            with _named(digest):
                obstore.head(self._store, name_of(digest))
        except MissingVersion:
            return False
        return True

    def delete(self, digest: str) -> None:
        """Remove the file of a version and its copy here.

        Raises:
            StorageAway: the storage does not answer.
        """
        (self.folder / name_of(digest)).unlink(missing_ok=True)
        with suppress(MissingVersion), _named(digest):
            obstore.delete(self._store, name_of(digest))

    def hashes(self) -> Iterator[tuple[str, float]]:
        """(hash, seconds since it was put) of every version.

        Raises:
            StorageAway: the storage does not answer.
        """
        moment = time.time()
        with _named(""):
            for found in (one for page in obstore.list(self._store) for one in page):
                if digest := hash_of(found["path"]):
                    yield digest, moment - found["last_modified"].timestamp()

    def sweep_parts(self, seconds: float) -> int:
        """Remove local parts that nobody wrote to for so long; how many they were."""
        return sweep_parts(self.folder / PARTS, seconds)


@contextmanager
def _named(digest: str) -> Iterator[None]:
    """Name what the storage says; its own words may hold addresses and keys."""
    try:
        yield
    except (NotFoundError, FileNotFoundError):
        raise MissingVersion(hash=digest) from None
    except BaseError:
        raise StorageAway from None
