"""Which tables are read without an index, by PostgreSQL's own counts.

Of a small table the planner rightly reads the whole. So sequential scans are made costly for the
while: what is still read so has no index that would serve it.
"""

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

from ckanext.sdopen.bench.stand import Stand

# tables that grow with the directory; not the outbox, which empties as the index follows, and not
# "group", some hundreds of departments and topics
GROWING = (
    "package",
    "resource",
    "tag",
    "package_tag",
    "member",
    "activity",
    "sdopen_entry",
    "sdopen_number",
    "sdopen_bulk_receipt",
)
# a backend hands its counts in at most a second after its transaction
_COUNTS_DELAY = 2.0
_ASKED = """
SELECT relname, seq_scan, seq_tup_read FROM pg_stat_user_tables WHERE relname = ANY(%s)
"""


@contextmanager
def shunned(stand: Stand) -> Iterator[None]:
    """Web server and indexer under a planner that reads whole tables only where it must."""
    stand.sql("ALTER ROLE sdopen SET enable_seqscan TO off")
    _again(stand)
    try:
        yield
    finally:
        stand.sql("ALTER ROLE sdopen RESET enable_seqscan")
        _again(stand)


def _again(stand: Stand) -> None:
    for name in ("web", "indexer"):
        stand.stack.stop(name)
        stand.stack.start(name)


@dataclass(frozen=True)
class Scans:
    """{table: (scans without an index, rows that they read)}."""

    counts: Mapping[str, tuple[int, int]]

    @classmethod
    def now(cls, stand: Stand) -> "Scans":
        """The counts so far."""
        time.sleep(_COUNTS_DELAY)
        return cls(
            {name: (scans, rows) for name, scans, rows in stand.sql(_ASKED, [list(GROWING)])}
        )

    def since(self, before: "Scans") -> "Scans":
        """What came since then, of the tables that were read so at all."""
        grown = {
            name: (scans - before.counts[name][0], rows - before.counts[name][1])
            for name, (scans, rows) in self.counts.items()
        }
        return Scans({name: counts for name, counts in grown.items() if counts[0]})

    def __str__(self) -> str:
        parts = (f"{name} {scans}× ({rows} rows)" for name, (scans, rows) in self.counts.items())
        return ", ".join(parts) or "none"
