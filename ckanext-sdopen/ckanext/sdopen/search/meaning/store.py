"""The vectors of all subjects, made once and kept in a file under the portal's storage path."""

import logging
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import Any
from zipfile import BadZipFile

import ckan.plugins.toolkit as tk
from cachetools import TTLCache, cached

from ckanext.sdopen.access import audience
from ckanext.sdopen.ckan_seams.repairs.solr_connection import connect
from ckanext.sdopen.search.meaning import model

log = logging.getLogger(__name__)

_LOCK = Lock()
_PORTION = 2_000
# readers of the same labels ask for the same subjects
_SECONDS, _LABELS = 60.0, 20
# what numpy says of files that are empty, cut off or something else
_BROKEN = (OSError, EOFError, ValueError, KeyError, TypeError, RuntimeError, BadZipFile)


@dataclass(frozen=True)
class Kept:
    """Subjects with the row of each in the vectors, and the state of the file."""

    rows: Mapping[str, int]
    vectors: Any
    state: tuple[int, int]


class _Cached:
    kept: Kept | None = None


def path() -> Path:
    """Where the vectors are kept."""
    return Path(tk.config["ckan.storage_path"] or ".") / "sdopen" / f"{model.NAME}.npz"


def kept() -> Kept | None:
    """The vectors as they are now; None where there are none yet."""
    file = path()
    try:
        stat = file.stat()
    except FileNotFoundError:
        return None
    state = stat.st_mtime_ns, stat.st_size
    if _Cached.kept and _Cached.kept.state == state:
        return _Cached.kept
    with _LOCK:
        try:
            _Cached.kept = _read(file, state)
        except _BROKEN as error:
            log.warning("the vectors of subjects cannot be read, and are made anew: %s", error)
            return None
    return _Cached.kept


def _read(file: Path, state: tuple[int, int]) -> Kept:
    with model.numpy().load(file, allow_pickle=False) as stored:
        rows = {str(name): row for row, name in enumerate(stored["subjects"])}
        return Kept(rows, stored["vectors"].astype("float32"), state)


def _counted(filters: Iterable[str]) -> list[str]:
    asked = {"json.facet": '{"all":{"type":"terms","field":"title_subject","limit":-1}}'}
    answer = connect(decode_dates=False).search("*:*", fq=list(filters), rows=0, **asked)
    buckets = answer.raw_response.get("facets", {}).get("all", {}).get("buckets", [])
    return [str(bucket["val"]) for bucket in buckets]


@cached(TTLCache[Any, tuple[str, ...]](_LABELS, _SECONDS), key=tuple, lock=Lock())
def readable(filters: Iterable[str]) -> tuple[str, ...]:
    """The subjects of the entries that the filters leave, kept for a minute."""
    return tuple(_counted(filters))


def refresh() -> int:
    """Make the vectors of subjects that have none, and drop those that no entry has any more.

    Returns:
        How many were made.
    """
    if not model.is_wanted():
        return 0
    wanted = _counted(audience.filters(None))
    before = kept()
    known = before.rows if before else {}
    fresh = [name for name in wanted if name not in known]
    if not fresh and len(known) == len(wanted):
        return 0
    old = [name for name in wanted if name in known]
    parts = [before.vectors[[known[name] for name in old]]] if before and old else []
    parts += [
        model.vectors(fresh[start : start + _PORTION]) for start in range(0, len(fresh), _PORTION)
    ]
    np = model.numpy()
    file = path()
    file.parent.mkdir(parents=True, exist_ok=True)
    part = file.with_name(f"{file.stem}.{os.getpid()}.part.npz")
    joined = np.concatenate(parts).astype("float16") if parts else np.zeros((0, 1), "float16")
    with part.open("wb") as stream:
        np.savez(stream, subjects=np.array([*old, *fresh], dtype=np.str_), vectors=joined)
        stream.flush()
        # a power cut leaves the file before, or this one whole
        os.fsync(stream.fileno())
    part.replace(file)
    return len(fresh)
