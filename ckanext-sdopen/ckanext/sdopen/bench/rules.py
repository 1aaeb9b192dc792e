"""How many entries a core checks in a second, beside what reading them as JSON takes."""

import json
import statistics
import time
from collections.abc import Callable, Sequence
from itertools import islice
from typing import Any

from ckanext.sdopen.sample import Province
from ckanext.sdopen.standard import profiles
from ckanext.sdopen.standard.check import check

ENTRIES, ITEMS, FAULTY = 5_000, 10, 10
RUNS = 5
# one fault each, as departments make them: every tenth entry has one
_FAULTS: tuple[dict[str, Any], ...] = (
    {"title": "人事管理系统"},
    {"census_stored_gb": "12G"},
    {"sharing": "无条件共享"},
    {"format_types": ["wk1"]},
    {"released_on": "2017.5"},
    {"info_items": [{"name": "编号", "data_type": "字符", "data_length": "50"}] * ITEMS},
)


def entries() -> list[dict[str, Any]]:
    """Entries of the sample with ten items each, every tenth faulty."""
    found = []
    for number, entry in enumerate(islice(Province(catalogs=ENTRIES).catalog_entries(), ENTRIES)):
        items = entry.payload["info_items"]
        more = ({**item, "name": f"{item['name']}（{n}）"} for n in (2, 3) for item in items)
        payload = {**entry.payload, "info_items": [*items, *more][:ITEMS]}
        if number % FAULTY == 0:
            payload |= _FAULTS[number // FAULTY % len(_FAULTS)]
        found.append(payload)
    return found


def _rate(work: Callable[[], None], count: int) -> float:
    rates = []
    for _ in range(RUNS):
        began = time.process_time()
        work()
        rates.append(count / (time.process_time() - began))
    return statistics.median(rates)


def measure() -> dict[str, float]:
    """`{"entries_per_s", "json_per_s", "ratio", "faulty"}`: medians, per core, in CPU time."""
    checked: Sequence[dict[str, Any]] = entries()
    strict = profiles.profile("regulation_2025")
    written = [json.dumps(entry, ensure_ascii=False) for entry in checked]
    faulty = sum(
        any(finding.severity == "error" for finding in check(entry, strict)) for entry in checked
    )

    def check_all() -> None:
        for entry in checked:
            check(entry, strict)

    def read_all() -> None:
        for line in written:
            json.loads(line)

    check_all()
    rate, reading = _rate(check_all, len(checked)), _rate(read_all, len(checked))
    return {
        "entries_per_s": round(rate),
        "json_per_s": round(reading),
        "ratio": round(rate / reading, 2),
        "faulty": round(faulty / len(checked), 3),
    }
