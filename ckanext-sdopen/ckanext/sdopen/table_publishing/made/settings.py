"""Typed readers of the settings of made files."""

from pathlib import Path

import ckan.plugins.toolkit as tk

from ckanext.sdopen.tables import settings


def _number(name: str) -> int:
    return int(tk.config[f"ckanext.sdopen.tables.{name}"])


def folder() -> Path:
    """Where made files are kept; web server and background work must share it."""
    return settings.folder() / "made"


def most_bytes() -> int:
    """How much all made files may take together."""
    return _number("made_megabytes") << 20


def most_bytes_of_one() -> int:
    """How much one made file may take, and what its writing needs: a quarter of all."""
    return most_bytes() // 4


def most_rows() -> int:
    """Up to how many rows files are made at the publication, and of a question."""
    return _number("made_rows")


def most_cells() -> int:
    """Up to how many cells a file is made while the caller waits."""
    return _number("workbook_cells")


def most_waiting() -> int:
    """How many files of one account, or of all visitors, may wait or be under way."""
    return _number("made_waiting")
