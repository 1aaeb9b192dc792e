"""Typed readers of the settings of tables."""

from datetime import timedelta
from pathlib import Path

import ckan.plugins.toolkit as tk

from ckanext.sdopen.tables.making.limits import Limits
from ckanext.sdopen.tables.store import paths
from ckanext.sdopen.tables.store.local import PARTS
from ckanext.sdopen.tables.store.store import Store, store_at


def _number(name: str) -> int:
    return int(tk.config[f"ckanext.sdopen.tables.{name}"])


def folder() -> Path:
    """The local folder of versions, or of the copies of those elsewhere."""
    own = str(tk.config["ckanext.sdopen.tables.folder"] or "")
    return Path(own) if own else Path(tk.config["ckan.storage_path"]) / "tables"


def store() -> Store:
    """Where the versions of tables are kept."""
    url = str(tk.config["ckanext.sdopen.tables.storage_url"] or "")
    return store_at(url, folder(), _number("cached_megabytes") << 20, least_free())


def least_free() -> int:
    """Bytes that must stay free on the disk of the tables."""
    return _number("free_megabytes") << 20


def limits() -> Limits:
    """How much the making of a version may take, and how many bad rows a table may have."""
    return Limits(
        folder=folder() / PARTS,
        threads=max(1, _number("threads")),
        memory=_number("memory_megabytes"),
        temporary=_number("temporary_megabytes"),
        bad_percent=_number("bad_percent"),
        marked=_number("marked_findings"),
        free=_number("free_megabytes"),
        seconds=_number("load_seconds"),
    )


def require_room(folder: Path) -> None:
    """Refuse to go on where the disk of a folder has less room than must stay.

    Raises:
        NoRoom: it has.
    """
    paths.require_room(folder, 0, _number("free_megabytes") << 20)


def keep_versions() -> int:
    """How many versions of a table can be read; the current one always."""
    return max(1, _number("keep_versions"))


def keep() -> timedelta:
    """For how long the file of a version is kept that nothing names any more."""
    return timedelta(days=_number("keep_days"))


def part_seconds() -> float:
    """After how many seconds what is unfinished is taken for left behind."""
    return _number("part_hours") * 3_600.0
