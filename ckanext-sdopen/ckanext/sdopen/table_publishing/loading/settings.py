"""Typed readers of the settings of loading."""

import shutil
from pathlib import Path

import ckan.plugins.toolkit as tk

from ckanext.sdopen.fetching.rules import MIB, Rules
from ckanext.sdopen.sheets.confinement import Bounds
from ckanext.sdopen.sheets.limits import Limits
from ckanext.sdopen.tables.store.local import PARTS


def _number(name: str) -> int:
    return int(tk.config[f"ckanext.sdopen.tables.{name}"])


def load_uploads() -> bool:
    """Whether uploaded tables are loaded without being asked for."""
    return bool(tk.config["ckanext.sdopen.tables.load_uploads"])


def declared_times() -> int:
    """How many times the rows that its catalog declares a table may have; 0: any number."""
    return _number("declared_times")


def seconds() -> float:
    """How long one try to load a table may take."""
    return float(_number("load_seconds"))


def reading() -> Limits:
    """How large a file of rows may be, and what its reading may take."""
    size = _number("source_megabytes") * MIB
    return Limits(
        bytes=size,
        unpacked=2 * size,
        memory_mb=_number("read_memory_megabytes"),
        seconds=_number("read_seconds"),
        cpu_seconds=_number("read_seconds"),
    )


def marking() -> Bounds:
    """What the marking of a workbook may take: as much as its reading."""
    read = reading()
    return Bounds(read.memory_mb, read.seconds, file_mb=read.unpacked // MIB)


def fetching() -> Rules:
    """What a request for a linked file may reach and take."""
    size = _number("source_megabytes") * MIB
    return Rules(
        networks=tuple(tk.config["ckanext.sdopen.fetching.networks"]),
        most_bytes=size,
        most_unpacked=2 * size,
        proxy=str(tk.config["ckanext.sdopen.fetching.proxy"] or ""),
        ca_file=str(tk.config["ckanext.sdopen.fetching.ca_file"] or ""),
    )


def work_folder(job: str) -> Path:
    """Where a job keeps what its next try goes on with; the sweeper of tables finds it, too."""
    own = str(tk.config["ckanext.sdopen.tables.folder"] or "")
    tables = Path(own) if own else Path(tk.config["ckan.storage_path"]) / "tables"
    folder = tables / PARTS / f"load-{job}"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def forget_work(job: str) -> None:
    """Remove what a job kept for its next try."""
    shutil.rmtree(work_folder(job), ignore_errors=True)


def kept_folder() -> Path:
    """Where the findings of the last loads are kept: in the storage, under no address."""
    return Path(tk.config["ckan.storage_path"]) / "sdopen_table_loads"
