"""Typed readers of the settings of files."""

import ckan.plugins.toolkit as tk


def endings() -> frozenset[str]:
    """The endings of files that are taken, in small letters without a full stop."""
    return frozenset(
        str(one).lower().lstrip(".") for one in tk.config["ckanext.sdopen.files.endings"]
    )


def keep_days() -> int:
    """For how many days the bytes of a removed or replaced file are kept."""
    return int(tk.config["ckanext.sdopen.files.keep_days"])


def free_bytes() -> int:
    """How much room an upload leaves in the storage, in bytes."""
    return int(tk.config["ckanext.sdopen.files.free_megabytes"]) << 20


def largest_bytes() -> int:
    """How large a file may be, in bytes."""
    return int(tk.config["ckan.max_resource_size"]) << 20
