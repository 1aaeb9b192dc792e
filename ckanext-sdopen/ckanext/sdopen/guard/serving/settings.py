"""Typed readers of the settings of serving."""

import ckan.plugins.toolkit as tk

from ckanext.sdopen.guard.serving.permits import Permits


def permits() -> Permits:
    """The permits of one web process."""
    return Permits(
        count=int(tk.config["ckanext.sdopen.guard.permits"]),
        queue=int(tk.config["ckanext.sdopen.guard.permit_queue"]),
        seconds=float(tk.config["ckanext.sdopen.guard.permit_seconds"]),
    )


def free_paths() -> tuple[str, ...]:
    """How the paths begin that need no permit."""
    return tuple(tk.config["ckanext.sdopen.guard.permit_free"])
