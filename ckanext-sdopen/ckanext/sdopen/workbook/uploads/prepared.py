"""A batch of a book, settled before it is written: sent again, it is the same to the letter.

A worker may be killed after the write and before it could say so. What it sent stands in the
book's folder until the next batch; the bulk write answers the same batch by its first answer.
"""

import contextlib
import json
import os
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

_PREFIX = "import-"


@dataclass
class Prepared:
    """The records of a batch and where each stands in the book, and what was decided before it.

    `places` are `{"sheet", "row"}`, one a record; `unchanged` and `faulty` are numbers; `refused`
    are places with a `message`.
    """

    records: list[dict[str, Any]] = field(default_factory=list)
    places: list[dict[str, Any]] = field(default_factory=list)
    refused: list[dict[str, Any]] = field(default_factory=list)
    unchanged: int = 0
    faulty: int = 0


def settled(folder: Path, name: str, make: Callable[[], Prepared]) -> Prepared:
    """The batch of a name as it was first made."""
    path = folder / f"{_PREFIX}{name}.json"
    found = _read(path)
    if found is not None:
        return found
    made = make()
    new = path.with_suffix(f".{os.getpid()}")
    with open(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        json.dump(asdict(made), file, ensure_ascii=False)
        file.flush()
        os.fsync(file.fileno())
    try:
        # who comes second takes what the first made
        os.link(new, path)
    except FileExistsError:
        made = _read(path) or made
    finally:
        new.unlink()
    return made


def _read(path: Path) -> Prepared | None:
    try:
        return Prepared(**json.loads(path.read_text(encoding="utf-8")))
    except FileNotFoundError:
        return None


def forget(folder: Path) -> None:
    """Remove what an import settled."""
    for path in folder.glob(f"{_PREFIX}*"):
        with contextlib.suppress(FileNotFoundError):
            path.unlink()
