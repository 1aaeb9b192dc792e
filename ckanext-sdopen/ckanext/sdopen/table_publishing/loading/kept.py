"""The last load of each table: what came of it and all its findings, for who may edit the entry.

It stands in the storage beside the uploads, under no address; a folder for each resource.
"""

import csv
import hashlib
import json
import os
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field, fields
from datetime import timedelta
from itertools import islice
from pathlib import Path
from typing import Any

from ckan import model

from ckanext.sdopen import moments
from ckanext.sdopen.table_publishing.loading import settings

_ABOUT = "load.json"
FINDINGS, ROWS, BOOK, MARKED = "findings.csv", "rows.csv", "rows.xlsx", "marked.xlsx"
Said = dict[str, str]


@dataclass(frozen=True)
class Kept:
    """What came of a load: `number` is that of the version, None where none was published.

    `refused` says why, in both languages; `summary` is `Summary.as_dict()` with a sentence in both
    languages at each count and column; `source` as a version tells it.
    """

    resource: str
    job: str
    ended: str
    file: str
    number: int | None = None
    hash: str = ""
    rows: int = 0
    refused: Said | None = None
    remarks: list[Said] = field(default_factory=list)
    source: dict[str, Any] = field(default_factory=dict)
    summary: dict[str, Any] = field(default_factory=dict)


def _folder(resource: str) -> Path:
    # an id may be anything that a source calls its files
    return settings.kept_folder() / hashlib.sha256(resource.encode()).hexdigest()[:32]


def keep(load: Kept, files: Mapping[str, Path]) -> None:
    """Keep a load in place of the one before; its files are moved.

    The name of each file bears the job's id, so that what is read belongs together.
    """
    folder = _folder(load.resource)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    for name, path in files.items():
        if path.is_file():
            shutil.move(path, folder / f"{load.job}-{name}")
    part = folder / f"{load.job}.part"
    part.write_text(json.dumps(asdict(load), ensure_ascii=False), encoding="utf-8")
    os.replace(part, folder / _ABOUT)
    for path in folder.iterdir():
        if path.name != _ABOUT and not path.name.startswith(load.job):
            path.unlink(missing_ok=True)


def last(resource: str) -> Kept | None:
    """The last load of a resource's table; None where it has none."""
    try:
        told = json.loads((_folder(resource) / _ABOUT).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    known = {one.name for one in fields(Kept)}
    return Kept(**{name: value for name, value in told.items() if name in known})


def file_of(load: Kept, name: str) -> Path | None:
    """A file of a load, None where it found nothing to write there."""
    path = _folder(load.resource) / f"{load.job}-{name}"
    return path if path.is_file() else None


def findings(load: Kept, offset: int, limit: int) -> list[list[str]]:
    """A page of the findings: `[row, column, rule, value, zh, en]` each."""
    path = file_of(load, FINDINGS)
    if path is None:
        return []
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows: Iterator[list[str]] = csv.reader(file)
        next(rows, None)
        return list(islice(rows, offset, offset + limit))


def remove(resource: str) -> None:
    """Remove what is kept of a resource's last load."""
    shutil.rmtree(_folder(resource), ignore_errors=True)


def sweep(keep_for: timedelta) -> int:
    """Remove the loads of resources that are gone for so long; how many they were."""
    removed = 0
    due = (moments.instant() - keep_for).isoformat()
    for about in settings.kept_folder().glob(f"*/{_ABOUT}"):
        load = json.loads(about.read_text(encoding="utf-8"))
        resource = model.Session.get(model.Resource, load["resource"])
        is_there = resource is not None and resource.state == model.State.ACTIVE
        if not is_there and load["ended"] < due:
            shutil.rmtree(about.parent, ignore_errors=True)
            removed += 1
    return removed
