"""A zip that is sent while it is written, with the size and SHA-256 of each of its files."""

import hashlib
import io
import zipfile
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any, NamedTuple

# of texts 75 MB a CPU second; the default level takes three times as much for little
_LEVEL = 1
_ENOUGH = 1 << 16


class Written(NamedTuple):
    """What is known of a file once it is written."""

    bytes: int
    sha256: str


class _Out(io.RawIOBase):
    """Where a zip is written to: what is in it goes out at the next look."""

    def __init__(self) -> None:
        super().__init__()
        self._blocks: list[bytes] = []
        self.held = 0

    def write(self, data: Any) -> int:
        """Take some bytes."""
        block = bytes(data)
        self._blocks.append(block)
        self.held += len(block)
        return len(block)

    def taken(self) -> bytes:
        """All that was written since the last time."""
        found = b"".join(self._blocks)
        self._blocks.clear()
        self.held = 0
        return found


class Zip:
    """A zip under way; `written` holds what is known of its files, in their order."""

    def __init__(self, moment: datetime) -> None:
        self._out = _Out()
        self._zip = zipfile.ZipFile(self._out, "w")
        self._moment = moment.timetuple()[:6]
        self.written: dict[str, Written] = {}

    def file(
        self, name: str, blocks: Iterable[bytes], *, is_packed: bool = False
    ) -> Iterator[bytes]:
        """Write a file; what of the zip is ready meanwhile.

        Args:
            name: its path in the zip.
            blocks: its bytes.
            is_packed: whether packing it would win nothing.
        """
        info = zipfile.ZipInfo(name, self._moment)  # type: ignore[arg-type]
        info.compress_type = zipfile.ZIP_STORED if is_packed else zipfile.ZIP_DEFLATED
        info._compresslevel = _LEVEL  # type: ignore[attr-defined]
        info.external_attr = 0o644 << 16
        digest, size = hashlib.sha256(), 0
        with self._zip.open(info, "w", force_zip64=True) as target:
            for block in blocks:
                target.write(block)
                digest.update(block)
                size += len(block)
                if self._out.held >= _ENOUGH:
                    yield self._out.taken()
        self.written[name] = Written(size, digest.hexdigest())
        yield self._out.taken()

    def end(self) -> Iterator[bytes]:
        """Write the list of the files: without it the zip is broken, as it should be."""
        self._zip.close()
        yield self._out.taken()
