"""What the rules about settings are asked with: the settings in force, and what the code shows."""

import stat

import ckan.plugins.toolkit as tk
from flask import current_app

from ckanext.sdopen.ckan_seams.repairs import csrf
from ckanext.sdopen.guard import origin_pages
from ckanext.sdopen.guard.doctor import machine, versions
from ckanext.sdopen.guard.doctor.rules.portal import Portal


def _open_files() -> tuple[str, ...]:
    """The settings files that every account of the machine can read."""
    files = machine.settings_files()
    return tuple(str(one) for one in files if one.stat().st_mode & stat.S_IROTH)


def portal() -> Portal:
    """The facts of this process; asked in the context of the web application."""
    return Portal(
        settings=tk.config,
        plugins=versions.loaded(),
        csrf_repaired=csrf.is_repaired(),
        origin_checked=origin_pages.blueprint.name in current_app.blueprints,
        open_files=_open_files(),
    )
