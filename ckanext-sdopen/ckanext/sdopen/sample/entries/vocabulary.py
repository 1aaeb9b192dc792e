"""The written vocabulary of the sample province: subjects and kinds of departments."""

import csv
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from ckanext.sdopen.sample.records import DepartmentKind, Subject

_HERE = Path(__file__).parent


def _rows(name: str) -> Iterator[dict[str, str]]:
    with (_HERE / name).open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file, delimiter="\t")


@lru_cache(maxsize=1)
def subjects() -> tuple[Subject, ...]:
    """All subjects, in their written order."""
    return tuple(
        Subject(
            row["topic"],
            row["subject"],
            row["department"],
            row["update_cycle"],
            tuple(row["items"].split(",")),
        )
        for row in _rows("subjects.tsv")
    )


@lru_cache(maxsize=1)
def departments() -> dict[str, DepartmentKind]:
    """{key: kind of department}, in their written order."""
    return {
        row["key"]: DepartmentKind(row["province"], row["city"], row["county"] or "")
        for row in _rows("departments.tsv")
    }
