"""The machine: free disk, clocks, the last backup."""

import datetime
import shutil
from collections.abc import Iterator
from pathlib import Path

import ckan.plugins.toolkit as tk
from sqlalchemy import Connection, text

from ckanext.sdopen.entries.files import settings as file_settings
from ckanext.sdopen.guard.doctor import settings
from ckanext.sdopen.guard.doctor.parts import Look, solr_clock
from ckanext.sdopen.guard.doctor.rules.findings import Area, Finding, Severity, graded
from ckanext.sdopen.moments import instant

_CLOCK = text("SELECT clock_timestamp()")
# clocks that differ by so many times the bound are an error: tokens are refused, days are wrong
_FAR = 12
_HOUR = 3600


def settings_files() -> list[Path]:
    """The portal's settings file; empty where the environment alone holds the settings."""
    named = Path(str(tk.config.get("__file__") or ""))
    return [named] if named.is_file() else []


def _folders() -> list[Path]:
    named = [Path(str(tk.config["ckan.storage_path"] or "")), *settings_files()]
    return [one if one.is_dir() else one.parent for one in named if one.is_absolute()]


def disks() -> Iterator[Finding]:
    """Room on the disks of the storage and of the portal's own files; one disk is told once."""
    known: set[int] = set()
    for folder in _folders():
        try:
            device, free = folder.stat().st_dev, shutil.disk_usage(folder).free
        except OSError:
            yield Finding(Area.MACHINE, "folder_missing", Severity.ERROR, {"folder": str(folder)})
            continue
        if device not in known:
            known.add(device)
            yield disk(str(folder), free, settings.free_bytes(), file_settings.free_bytes())


def disk(folder: str, free: int, warns: int, errs: int) -> Finding:
    """What is told of so much room, all in bytes; uploads are refused below the second bound."""
    severity = graded(-free, -warns, -errs)
    check = "disk" if severity is Severity.OK else "disk_full"
    return Finding(Area.MACHINE, check, severity, {"folder": folder, "free": free >> 20})


def clock(of: str, shown: datetime.datetime, here: datetime.datetime) -> Finding:
    """What is told of another clock beside the portal's."""
    apart = abs((shown - here).total_seconds())
    bound = settings.clock_seconds()
    severity = graded(apart, bound, bound * _FAR)
    check = "clock" if severity is Severity.OK else "clock_differs"
    return Finding(Area.MACHINE, check, severity, {"part": of, "seconds": int(apart)})


def clock_of_database(connection: Connection) -> Iterator[Finding]:
    """The database's clock beside the portal's."""
    shown = connection.execute(_CLOCK).scalar_one()
    yield clock("postgresql", shown, instant())


def clock_of_index(seen: Look) -> Iterator[Finding]:
    """Solr's clock beside the portal's."""
    shown = solr_clock(seen)
    if shown is not None:
        yield clock("solr", shown, seen.moment)


def backup() -> Iterator[Finding]:
    """When the last backup was complete, as the file says that each one touches."""
    named, hours = settings.backup()
    if not named:
        yield Finding(Area.MACHINE, "backup_none", Severity.WARNING, {})
        return
    try:
        made = Path(named).stat().st_mtime
    except OSError:
        yield Finding(Area.MACHINE, "backup_missing", Severity.ERROR, {"file": named})
        return
    age = instant().timestamp() - made
    severity = graded(age, hours * _HOUR, 2 * hours * _HOUR)
    check = "backup" if severity is Severity.OK else "backup_old"
    yield Finding(Area.MACHINE, check, severity, {"hours": int(age // _HOUR)})
