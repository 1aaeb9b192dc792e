"""Typed readers of the settings of differences."""

from pathlib import Path

import ckan.plugins.toolkit as tk


def rows() -> int:
    """How many rows of a difference are told one by one; all are counted."""
    return max(1, int(tk.config["ckanext.sdopen.tables.difference_rows"]))


def most_bytes() -> int:
    """How much all kept differences may take."""
    return int(tk.config["ckanext.sdopen.tables.differences_megabytes"]) << 20


def most_waiting() -> int:
    """How many differences may wait to be made."""
    return int(tk.config["ckanext.sdopen.tables.differences_waiting"])


def seconds() -> int:
    """How long the making of a difference may take."""
    return max(1, int(tk.config["ckanext.sdopen.tables.difference_seconds"]))


def folder() -> Path:
    """Where they are kept: in the storage, under no address."""
    path = Path(tk.config["ckan.storage_path"]) / "sdopen_table_differences"
    path.mkdir(parents=True, exist_ok=True, mode=0o700)
    return path
