"""Records as the lines of bulk batches: cut by count and size, each with a key of its own."""

import gzip
import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import orjson

RECORDS = 1_000
# of the 16 MiB that the portal takes
BYTES = 15 << 20
# a batch is mostly Chinese text under repeated names: higher levels cost more than they save
_LEVEL = 1


@dataclass(frozen=True)
class Batch:
    """Encoded records in their order, and where the first of them stands in the whole."""

    start: int
    lines: tuple[bytes, ...]

    @property
    def body(self) -> bytes:
        """The records as gzip NDJSON."""
        return gzip.compress(b"\n".join(self.lines), compresslevel=_LEVEL, mtime=0)

    def key(self, run: str) -> str:
        """The idempotency key: the same for the same records at the same place of a run."""
        digest = hashlib.sha256(b"\n".join(self.lines)).hexdigest()[:24]
        # a run may be called in Chinese; a header takes no such name
        named = hashlib.sha256(run.encode("utf-8", "surrogatepass")).hexdigest()[:24]
        return f"{named}:{self.start}:{digest}"

    def halves(self) -> tuple["Batch", "Batch"]:
        """The batch as two, for a portal that takes less at once."""
        middle = len(self.lines) // 2
        return (
            Batch(self.start, self.lines[:middle]),
            Batch(self.start + middle, self.lines[middle:]),
        )


def encoded(record: Mapping[str, Any]) -> bytes:
    """A record as one line."""
    return orjson.dumps(dict(record))


def batches(lines: Iterable[bytes], records: int = RECORDS, size: int = BYTES) -> Iterator[Batch]:
    """The lines in batches of at most `records` lines and `size` bytes, one at a time in memory.

    A line that is larger than `size` by itself makes a batch of its own.
    """
    start, taken, filled = 0, list[bytes](), 0
    for line in lines:
        if taken and (len(taken) == records or filled + len(line) + 1 > size):
            yield Batch(start, tuple(taken))
            start, taken, filled = start + len(taken), [], 0
        taken.append(line)
        filled += len(line) + 1
    if taken:
        yield Batch(start, tuple(taken))
