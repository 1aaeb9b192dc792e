"""Uploaded books under the storage path: a folder each, readable by the portal's process alone.

A book is known by a random id; what is said of it stands beside it as JSON. Books expire. How far
its check and its import are is told by the jobs for it (`standing`).
"""

import datetime
import json
import os
import re
import secrets
import shutil
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import ckan.plugins.toolkit as tk

from ckanext.sdopen import moments
from ckanext.sdopen.workbook import child_process

ORIGINAL, _ABOUT = "original", "book.json"
_ID = re.compile(r"[0-9a-f]{32}")
_DAY = datetime.timedelta(days=1)


@dataclass
class Uploaded:
    """One uploaded book: whose it is, and what the check said; nothing before it is done.

    `regions` are those of the submitter's departments: their data authorities may see it, too.
    `progress` is what an earlier version of the portal kept of its import.
    """

    id: str
    user_id: str
    name: str
    created: str
    expires: str
    regions: list[str]
    summary: dict[str, Any]
    progress: dict[str, Any] = field(default_factory=dict)

    @property
    def folder(self) -> Path:
        """Where it stands."""
        return folder_of(self.id)

    @property
    def is_checked(self) -> bool:
        """Whether the check is done; until then nobody knows whether it bears secrets."""
        return bool(self.summary)

    @property
    def expired(self) -> bool:
        """Whether its days are over."""
        return self.expires <= _now().isoformat()

    def save(self) -> None:
        """Write what is said of it; a reader never sees half of it."""
        path = self.folder / _ABOUT
        new = path.with_suffix(".new")
        with open(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            json.dump(asdict(self), file, ensure_ascii=False)
        new.replace(path)

    def remove(self) -> None:
        """Forget it."""
        shutil.rmtree(self.folder, ignore_errors=True)

    def checked(self) -> child_process.Checked:
        """The result of its check."""
        return child_process.Checked(self.summary, self.folder)


def _now() -> datetime.datetime:
    return moments.instant().replace(microsecond=0)


def _root() -> Path:
    return Path(tk.config["ckan.storage_path"]) / "sdopen_books"


def folder_of(book_id: str) -> Path:
    """Where the book of an id stands; ValueError for what is no id."""
    if not _ID.fullmatch(book_id):
        raise ValueError("no id of a book")
    return _root() / book_id


def new_folder() -> Path:
    """An empty folder with a name that cannot be guessed."""
    root = _root()
    root.mkdir(mode=0o700, parents=True, exist_ok=True)
    folder = root / secrets.token_hex(16)
    folder.mkdir(mode=0o700)
    return folder


def discard(folder: Path) -> None:
    """Leave nothing of an upload that was refused."""
    shutil.rmtree(folder, ignore_errors=True)


def save_book(folder: Path, user_id: str, name: str, regions: list[str]) -> Uploaded:
    """Keep an upload for its days; its check is to come."""
    days = datetime.timedelta(days=tk.config["ckanext.sdopen.workbook.days"])
    created, expires = _now(), _now() + days
    book = Uploaded(
        folder.name, user_id, name, created.isoformat(), expires.isoformat(), regions, {}
    )
    for path in folder.iterdir():
        path.chmod(0o600)
    book.save()
    return book


def find(book_id: str) -> Uploaded | None:
    """The book of an id; None where there is none, or its days are over."""
    if not _ID.fullmatch(book_id):
        return None
    try:
        about = json.loads((_root() / book_id / _ABOUT).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    book = Uploaded(**about)
    return None if book.expired else book


def all_books() -> Iterator[Uploaded]:
    """Every book that is kept, the newest first."""
    root = _root()
    names = [path.name for path in root.iterdir()] if root.is_dir() else []
    found = [book for name in names if (book := find(name))]
    return iter(sorted(found, key=lambda book: book.created, reverse=True))


def sweep() -> int:
    """Remove books whose days are over, and what stayed unchecked for a day; how many they were."""
    root, removed = _root(), 0
    for path in root.iterdir() if root.is_dir() else ():
        if not _is_kept(path):
            shutil.rmtree(path, ignore_errors=True)
            removed += 1
    return removed


def _is_kept(path: Path) -> bool:
    yesterday = _now() - _DAY
    if book := find(path.name):
        return book.is_checked or book.created > yesterday.isoformat()
    # an upload under way has nothing that is said of it yet
    return not (path / _ABOUT).exists() and path.stat().st_mtime > yesterday.timestamp()
