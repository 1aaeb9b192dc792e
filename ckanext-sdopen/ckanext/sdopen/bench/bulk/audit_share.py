"""What the audit log costs the bulk path: the same load with its rows and without, by turns.

On a busy machine two loads differ by more than the log costs; so what its rows take is also counted
where they are made and written.
"""

import json
import statistics
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ckanext.sdopen.bench.bulk import costs
from ckanext.sdopen.bench.bulk.bulk import own_folder
from ckanext.sdopen.bench.bulk.corpus import records, write
from ckanext.sdopen.bench.bulk.run import Loaded, load
from ckanext.sdopen.bench.stand import Stand, standing
from ckanext.sdopen.sample import Province

# the variable and the module that `unaudited` has; importing it would begin the portal
_SWITCH = "SDOPEN_BENCH_UNAUDITED"
_MODULE = "ckanext.sdopen.bench.bulk.unaudited:application"
# where the log is written
_PARTS = ("web", "postgres")
# of the bulk path's processor time, by the issue
MOST = 0.05


@dataclass
class Shares:
    """Pairs of loads (with the rows, without them); ms of rows and of sealing, by part, a row."""

    pairs: list[tuple[Loaded, Loaded]] = field(default_factory=list)
    rows: dict[str, float] = field(default_factory=dict)
    sealing: dict[str, float] = field(default_factory=dict)

    def figures(self) -> dict[str, Any]:
        """CPU-ms an entry of web and PostgreSQL; the share of the log in that and in all parts."""
        told = statistics.median(_written(one) for one, _ in self.pairs)
        untold = statistics.median(_written(one) for _, one in self.pairs)
        # what the rows take of loads that leave them
        rows, sealing = sum(self.rows.values()), sum(self.sealing.values())
        whole = statistics.median(one.cpu_ms() for one, _ in self.pairs)
        return {
            "with_ms": round(told, 3),
            "without_ms": round(untold, 3),
            "pairs_ratio": round(statistics.median(_ratio(*pair) for pair in self.pairs), 3),
            "rows_ms": {part: round(ms, 4) for part, ms in self.rows.items()},
            "sealing_ms": {part: round(ms, 4) for part, ms in self.sealing.items()},
            "of_web_and_postgres": round(rows / (told - rows), 3),
            "of_whole_path": round((rows + sealing) / (whole - rows), 3),
        }


def _ratio(told: Loaded, untold: Loaded) -> float:
    return _written(told) / _written(untold)


def _written(run: Loaded) -> float:
    return sum(run.cpu_ms(part) for part in _PARTS)


def _serve_switched(stand: Stand, switch: Path) -> None:
    """Serve the application that the file switches instead of the portal's own."""
    stack = stand.stack
    stack.stop("web")
    stack.environment[_SWITCH] = str(switch)
    web = stack.lines["web"].replace("wsgi:application", _MODULE)
    stack.lines = {**stack.lines, "web": web}
    stack.start("web")


def _sealed(stand: Stand) -> dict[str, float]:
    """What sealing all rows costs, in CPU-ms a row, by part."""
    postgres = [stand.stack.children["postgres"].pid]
    out = stand.stack.layout.run / "sealed.json"
    before = costs.processor_seconds(postgres)
    stand.within("seal", "--out", str(out))
    used = costs.processor_seconds(postgres) - before
    said = json.loads(out.read_text(encoding="utf-8"))
    cpu = {"postgres": used, "sealer": said["seconds"]}
    return {part: seconds * 1000 / said["rows"] for part, seconds in cpu.items()}


def _counted(told: Path, rows: int) -> dict[str, float]:
    """What making and writing the rows took, in CPU-ms a row, by part."""
    lines = [line.split() for line in told.read_text(encoding="ascii").splitlines()]
    web, postgres = (sum(float(line[part]) for line in lines) for part in (0, 1))
    return {"web": web * 1000 / rows, "postgres": postgres * 1000 / rows}


def measure(
    entries: int, pairs: int, folder: Path | None, say: Callable[[str], None]
) -> dict[str, Any]:
    """Load so many new entries into an empty portal so many times, with the rows and without.

    Args:
        entries: catalogs of a load.
        pairs: loads of each kind; which is the first of a pair changes by turns.
        folder: where the bench's own portal stands.
        say: takes a line about each pair.
    """
    found, province = Shares(), Province(catalogs=max(entries, 2_220))
    with own_folder(folder) as place, standing(place, max(entries, 2_220)) as stand:
        switch, path = stand.stack.layout.run / "unaudited", stand.stack.layout.run / "some.ndjson"
        write(path, records(province, 0, entries))
        _serve_switched(stand, switch)

        def loaded(told: bool) -> Loaded:
            if told:
                switch.unlink(missing_ok=True)
            else:
                switch.touch()
            stand.clear()
            return load(stand, path, entries, entries)

        # both processes of the web server compile and remember at their first batches
        loaded(True)
        spent = switch.with_suffix(".spent")
        spent.unlink()
        for number in range(pairs):
            order = (True, False) if number % 2 else (False, True)
            runs = {told: loaded(told) for told in order}
            found.pairs.append((runs[True], runs[False]))
            with_rows, without = _written(runs[True]), _written(runs[False])
            say(f"pair {number + 1}: web and PostgreSQL {with_rows:.3f}, {without:.3f} ms an entry")
        found.rows = _counted(spent, entries * pairs)
        found.sealing = _sealed(stand)
    return found.figures()
