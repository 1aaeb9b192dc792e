"""A city's directory as one workbook: checked, and handed back with its faulty cells marked."""

import os
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ckanext.sdopen.sample import Province
from ckanext.sdopen.workbook.form import export

# Yantai's own figures (city level)
CATALOGS, ITEMS = 4_585, 48_005
# name → of how many rows one is faulty; whether the copy is made
CASES: Mapping[str, tuple[int, bool]] = {
    "check": (50, False),
    "annotated_2_percent": (50, True),
    "annotated_all_rows": (1, True),
}
_NO_TYPE = "汉字"


@dataclass(frozen=True)
class Used:
    """What one run took: seconds of the clock and of the processor, the largest process in MB."""

    wall: float
    cpu: float
    rss: float


def entries(faulty: int) -> Iterator[tuple[dict[str, Any], str]]:
    """(entry, its provider): the sample's catalogs with as many items as the city's.

    Of every `faulty` items one has a data type that no list knows.
    """
    province = Province(catalogs=CATALOGS)
    missing = ITEMS - sum(len(e.payload["info_items"]) for e in province.catalog_entries())
    count = 0
    for number, found in enumerate(province.catalog_entries()):
        share = missing // CATALOGS + (number < missing % CATALOGS)
        listed = [dict(item) for item in found.payload["info_items"]]
        for more in range(share):
            listed.append({**listed[-1], "name": f"补充项{'甲乙丙丁戊己庚辛壬癸'[more]}"})
        for item in listed:
            count += 1
            if count % faulty == 0:
                item["data_type"] = _NO_TYPE
        yield {**found.payload, "info_items": listed}, found.department.title


def make(path: Path, faulty: int) -> export.Exported:
    """The book as a department keeps it: cells merged down, strings shared."""
    made = export.write(path, entries(faulty), merged=True, shared_strings=True)
    if (made.entries, made.rows) != (CATALOGS, ITEMS):
        raise RuntimeError(f"the book holds {made.entries} catalogs and {made.rows} items")
    return made


def run(book: Path, annotated: Path | None) -> Used:
    """Check a book by the command line, as a cataloguer does."""
    command = [sys.executable, "-m", "ckanext.sdopen.harvest", "check", str(book)]
    if annotated:
        command += ["--annotated", str(annotated), "--seconds", "120"]
    began = time.perf_counter()
    child = os.posix_spawn(
        sys.executable,
        command,
        dict(os.environ),
        file_actions=[(os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0)],
    )
    _, status, usage = os.wait4(child, 0)
    if os.waitstatus_to_exitcode(status) not in (0, 3):
        raise RuntimeError(f"the check of {book} ended with {os.waitstatus_to_exitcode(status)}")
    wall = time.perf_counter() - began
    return Used(wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)


def measure(runs: int) -> dict[str, dict[str, float]]:
    """{case: medians of wall and CPU seconds, and the largest RSS in MB}."""
    measured: dict[str, dict[str, float]] = {}
    with tempfile.TemporaryDirectory(prefix="sdopen-bench-") as folder:
        books: dict[int, Path] = {}
        for name, (faulty, annotate) in CASES.items():
            if faulty not in books:
                books[faulty] = Path(folder) / f"{faulty}.xlsx"
                make(books[faulty], faulty)
            target = Path(folder) / "annotated.xlsx" if annotate else None
            used = [run(books[faulty], target) for _ in range(runs)]
            measured[name] = {
                "wall_s": round(statistics.median(one.wall for one in used), 2),
                "cpu_s": round(statistics.median(one.cpu for one in used), 2),
                "rss_mb": round(max(one.rss for one in used)),
            }
    return measured
