"""What a version takes of processors and disk, beside a bare COPY of the same rows."""

import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from ckanext.sdopen.bench.tables import copying, corpus
from ckanext.sdopen.tables.making.limits import Limits
from ckanext.sdopen.tables.making.make import Asked, Made, make

# of a bare COPY
MARKS = {"load_cpu": 0.6, "whole_cpu": 2.0, "disk": 0.3}


def _make(folder: Path, path: Path) -> tuple[float, Made]:
    """(CPU seconds, what came of it) of the whole way from a file to a version."""
    asked = Asked("bench", {}, corpus.columns())
    part, found = folder / "version.part", folder / "found.csv"
    began = time.process_time()
    made = make(path, asked, part, found, Limits(folder / "temporary"))
    return time.process_time() - began, made


def measure(rows: int, say: Callable[[str], object]) -> dict[str, Any]:
    """Figures of so many rows, their ratios, and what misses its mark, in `wrong`."""
    with tempfile.TemporaryDirectory(prefix="sdopen-bench-") as name:
        folder = Path(name)
        # the server's user reads and writes below it
        folder.chmod(0o755)
        sound, faulty = folder / "sound.csv", folder / "faulty.csv"
        corpus.write(sound, rows, faulty=False)
        corpus.write(faulty, rows, faulty=True)
        say(f"{rows:,} rows written, {sound.stat().st_size >> 20} MB")
        copied, table = copying.measure(folder / "postgres", sound)
        say(f"COPY into PostgreSQL: {copied:.1f} CPU s, {table >> 20} MB")
        loaded, whole = _make(folder, sound)
        judged, bad = _make(folder, faulty)
    size = whole.version.bytes if whole.version else 0
    found = {(str(one.rule), one.column): one.cells for one in bad.summary.counts}
    planted = corpus.planted(rows)
    figures: dict[str, Any] = {
        "rows": rows,
        "copy_cpu_s": round(copied, 2),
        "load_cpu_s": round(loaded, 2),
        "whole_cpu_s": round(judged, 2),
        "copy_mb": round(table / 1e6, 1),
        "version_mb": round(size / 1e6, 1),
        "load_cpu": round(loaded / copied, 2),
        "whole_cpu": round(judged / copied, 2),
        "disk": round(size / table, 2),
        "planted": sum(planted.values()),
        "found": sum(found.values()),
    }
    wrong = [name for name, mark in MARKS.items() if figures[name] > mark]
    wrong += ["findings"] if found != planted or whole.summary.bad_cells else []
    return {**figures, "wrong": wrong}
