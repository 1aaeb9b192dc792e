"""The answer to who asks for a file that is being made: how far it is, and when to come again."""

from typing import Any

import ckan.plugins.toolkit as tk
import flask
from sqlalchemy import Row

from ckanext.sdopen.jobs import shown
from ckanext.sdopen.table_publishing.giving.files import Ordered
from ckanext.sdopen.table_publishing.giving.kept import PRIVATE, Kept

_SECONDS = 3


def answer(ordered: Ordered, row: Row[Any] | None) -> flask.Response:
    """A page that renews itself for people, a line for programs; 202 either way."""
    job = shown.shown(row) if row is not None else {"state": "waiting", "ahead": 0}
    if _is_browser():
        told = {"job": job, "found": ordered.found, "form": ordered.form, "seconds": _SECONDS}
        made = Kept(tk.render("sdopen/table_publishing/being_made.html", told))
    else:
        done = {"done": job.get("done") or 0, "total": job.get("total") or 0}
        message = tk._("The file is being made ({done} of {total} rows); ask for it again")
        made = Kept(f"{message.format(**done)}\n", content_type="text/plain; charset=utf-8")
    made.status_code = 202
    made.headers["Retry-After"] = str(_SECONDS)
    made.kept = PRIVATE
    return made


def _is_browser() -> bool:
    # programs take anything
    return any(media == "text/html" for media, _ in flask.request.accept_mimetypes)
