"""The bulk path beside its peers, on one portal of the bench's own, in one session."""

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from ckanext.sdopen.bench.bulk import costs, peers, report
from ckanext.sdopen.bench.bulk.corpus import records, write
from ckanext.sdopen.bench.bulk.measured import Measured
from ckanext.sdopen.bench.bulk.run import Loaded, load
from ckanext.sdopen.bench.bulk.scans import Scans, shunned
from ckanext.sdopen.bench.bulk.visitors import PagesProbe
from ckanext.sdopen.bench.stand import Stand, standing
from ckanext.sdopen.sample import Province

Say = Callable[[str], None]
# the curve's steps; a run of fewer entries ends at its own number
STEPS = (1_000, 5_000, 20_000, 50_000, 100_000, 200_000, 300_000, 420_000)


@dataclass(frozen=True)
class Plan:
    """How much is measured."""

    entries: int = 20_000
    runs: int = 5
    peers: int = 2_000
    # loads during which visitors come
    visited: int = 3


QUICK = Plan(entries=8_000, peers=500)


@contextmanager
def own_folder(wanted: Path | None) -> Iterator[Path]:
    """The folder of a bench's own portal: the wanted one, or one that is deleted after."""
    if wanted is not None:
        yield wanted
        return
    with tempfile.TemporaryDirectory(prefix="sdopen-bench-") as made:
        # PostgreSQL's own user, too, must find the way
        Path(made).chmod(0o755)
        yield Path(made) / "stand"


class Session:
    """One portal, one province, one set of figures."""

    def __init__(self, stand: Stand, plan: Plan, say: Say) -> None:
        self.stand, self.plan, self.say = stand, plan, say
        self.province = Province(catalogs=max(plan.entries, 2_220))
        self.folder = stand.stack.layout.run
        self.measured = Measured()

    def file(self, first: int, last: int) -> Path:
        """The records of these catalogs as a file."""
        path = self.folder / f"{first}-{last}.ndjson"
        write(path, records(self.province, first, last))
        return path

    def load(self, first: int, last: int) -> Loaded:
        """Load these catalogs on top of the first ones."""
        path = self.file(first, last)
        try:
            return load(self.stand, path, last - first, last)
        finally:
            path.unlink()

    def runs(self) -> None:
        """Loads of the whole into an empty portal, each beside Solr alone with its documents."""
        count = min(self.plan.entries, 20_000)
        documents = self.folder / "documents.ndjson"
        for number in range(self.plan.runs):
            self.stand.clear()
            run = self.load(0, count)
            self.measured.runs.append(run)
            if not documents.exists():
                self.stand.within("documents", "--out", str(documents), "--limit", str(count))
            self.measured.solr.append(peers.solr_alone(self.stand, documents))
            self.say(report.run_line(number + 1, run, self.measured.solr[-1]))
        documents.unlink()

    def meanwhile(self) -> None:
        """Some loads more, with visitors; memory; what has no index; the rebuild."""
        count = min(self.plan.entries, 20_000)
        with PagesProbe(self.stand.stack.url) as probe:
            for _ in range(self.plan.visited):
                self.stand.clear()
                self.load(0, count)
        self.measured.pages, self.measured.pages_failed = probe.p95(), probe.failed
        for name, child in self.stand.stack.children.items():
            self.measured.memory[name] = costs.largest_mb([child.pid])
        self.measured.scans = self._scans(count)
        self.measured.rebuild = peers.rebuild(self.stand, count)

    def _scans(self, count: int) -> Scans:
        """What is read without an index while entries come again, half of them changed."""
        half = min(1_000, count // 2)
        changed = ({**r, "notes": f"{r['notes']}（已更新）"} for r in self._first(half))
        path = self.folder / "again.ndjson"
        write(
            path,
            (r for pair in zip(changed, self._first(2 * half, half), strict=True) for r in pair),
        )
        with shunned(self.stand):
            before = Scans.now(self.stand)
            load(self.stand, path, 2 * half, count)
            found = Scans.now(self.stand).since(before)
        path.unlink()
        return found

    def _first(self, last: int, first: int = 0) -> Iterator[dict[str, object]]:
        return records(self.province, first, last)

    def ckanapi(self) -> None:
        """The same portal, emptied, loaded by ckanapi."""
        self.stand.clear()
        path = self.file(0, self.plan.peers)
        self.measured.ckanapi = peers.ckanapi(self.stand, path, self.plan.peers)
        path.unlink()

    def curve(self) -> None:
        """One portal that grows step by step."""
        self.stand.clear()
        done = 0
        for step in (s for s in (*STEPS, self.plan.entries) if s <= self.plan.entries):
            if step > done:
                run = self.load(done, step)
                self.measured.curve.append((step, run))
                self.say(report.step_line(step, run))
                done = step


def measure(plan: Plan, folder: Path | None, say: Say) -> dict[str, float]:
    """The figures of the issue, each told as soon as it is known."""
    with own_folder(folder) as place, standing(place, max(plan.entries, 2_220)) as stand:
        session = Session(stand, plan, say)
        session.runs()
        session.meanwhile()
        session.ckanapi()
        if plan.entries > plan.peers and plan != QUICK:
            session.curve()
        say(report.table(session.measured))
        return session.measured.json()
