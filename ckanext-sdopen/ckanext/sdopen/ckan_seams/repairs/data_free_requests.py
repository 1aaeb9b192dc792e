"""Static files and the health page without CKAN's look at the database before each request.

CKAN 2.12 asks `system_info` and the account even for a style sheet, so that all of it stops with
PostgreSQL (ckan.config.middleware.flask_app.ckan_before_request). No released CKAN makes this
unnecessary.
"""

import time
from collections.abc import Collection
from os.path import isfile
from typing import Any

import ckan.plugins.toolkit as tk
from ckan.config.middleware import flask_app
from flask import Flask, current_app, g
from werkzeug.utils import safe_join

STATIC, ASSETS = "static", "webassets.index"


def _is_file() -> bool:
    """Whether a static file is there: all unknown addresses come to the route of static files."""
    if tk.request.endpoint != STATIC:
        return True
    name = str((tk.request.view_args or {}).get("filename", ""))
    folders: Any = current_app.static_folder or []
    found = (safe_join(folder, name) for folder in folders)
    return any(path is not None and isfile(path) for path in found)


def _before(endpoints: Collection[str]) -> Any:
    def before() -> Any:
        """What CKAN does before a request, without the database where no data are asked for."""
        if tk.request.endpoint not in endpoints or not _is_file():
            return flask_app.ckan_before_request()
        # what CKAN's own notes of a request read
        setattr(g, "__timer", time.time())
        g.user, g.userobj, g.author, g.remote_addr = "", None, "", ""
        g.blueprint, g.view = tk.get_endpoint()
        return None

    return before


def exempt(app: Flask, endpoints: Collection[str]) -> None:
    """Let requests for these endpoints need no data; nothing where CKAN looks in another way."""
    wanted = frozenset((STATIC, ASSETS, *endpoints))
    own = app.before_request_funcs.get(None, [])
    app.before_request_funcs[None] = [
        _before(wanted) if function is flask_app.ckan_before_request else function
        for function in own
    ]
