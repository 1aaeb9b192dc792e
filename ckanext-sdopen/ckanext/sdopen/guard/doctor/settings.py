"""Typed readers of the doctor's settings."""

import ckan.plugins.toolkit as tk

_PREFIX = "ckanext.sdopen.doctor."


def wait_seconds() -> int:
    """How long work may wait before it is told of; from four times as long on it is an error."""
    return int(tk.config[_PREFIX + "wait_minutes"]) * 60


def free_bytes() -> int:
    """With less room than this a disk is told of, in bytes."""
    return int(tk.config[_PREFIX + "free_megabytes"]) << 20


def clock_seconds() -> int:
    """So much may the clocks of portal, database and index differ."""
    return int(tk.config[_PREFIX + "clock_seconds"])


def statement_seconds() -> int:
    """How long one of the doctor's own questions may take in the database."""
    return int(tk.config[_PREFIX + "statement_seconds"])


def backup() -> tuple[str, int]:
    """The file that each backup touches when it is complete, and after how many hours it is old."""
    return str(tk.config[_PREFIX + "backup_file"] or ""), int(tk.config[_PREFIX + "backup_hours"])
