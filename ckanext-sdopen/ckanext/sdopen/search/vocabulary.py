"""The synonym table in use: the managers' own where they saved one, else the one shipped."""

import os
import threading
from dataclasses import dataclass
from pathlib import Path

import ckan.plugins.toolkit as tk

from ckanext.sdopen import paths
from ckanext.sdopen.chinese import synonyms
from ckanext.sdopen.search.sounds import Sounds

_LOCK = threading.Lock()
_SHIPPED = paths.CONFIG / "search" / "synonyms.tsv"


@dataclass(frozen=True)
class Vocabulary:
    """A table with its sounds, and the state of the file that it was read from."""

    synonyms: synonyms.Synonyms
    sounds: Sounds
    state: tuple[str, int, int]


class _Cached:
    vocabulary: Vocabulary | None = None


def shipped() -> Path:
    """The table of the setting `ckanext.sdopen.search.synonyms`, else the one of the project."""
    chosen = tk.config["ckanext.sdopen.search.synonyms"]
    return Path(chosen) if chosen else _SHIPPED


def managed() -> Path:
    """Where the table that managers change is kept: under the portal's storage path."""
    return Path(tk.config["ckan.storage_path"] or ".") / "sdopen" / "synonyms.tsv"


def table() -> Path:
    """The table in use."""
    return managed() if managed().is_file() else shipped()


def _state(path: Path) -> tuple[str, int, int]:
    stat = path.stat()
    return str(path), stat.st_mtime_ns, stat.st_size


def current() -> Vocabulary:
    """The vocabulary, read again by itself once the table in use has changed."""
    path = table()
    state = _state(path)
    kept = _Cached.vocabulary
    if kept and kept.state == state:
        return kept
    with _LOCK:
        compiled = synonyms.compiled(synonyms.parse(path.read_text(encoding="utf-8")))
        _Cached.vocabulary = Vocabulary(compiled, Sounds(compiled.words), state)
        return _Cached.vocabulary


def save(text: str) -> int:
    """Replace the table that is in use; all web workers take it at their next query.

    Returns:
        The number of groups.

    Raises:
        SynonymError: the text is no table; nothing was changed.
    """
    groups = synonyms.parse(text)
    path = managed()
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f"{path.name}.{os.getpid()}.part")
    part.write_text(text.lstrip("\ufeff").rstrip("\n") + "\n", encoding="utf-8")
    part.replace(path)
    return len(groups)
