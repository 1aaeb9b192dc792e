"""Addresses of bundles: `/dataset/<entry>.zip`, and `/bundle.zip?entry=…&entry=…` of several."""

from collections.abc import Sequence
from typing import cast

import ckan.plugins.toolkit as tk
import flask
from ckan import model
from ckan.types import Context

from ckanext.sdopen.access import readable, visibility
from ckanext.sdopen.table_publishing import downloads, reading
from ckanext.sdopen.table_publishing.bundles import content
from ckanext.sdopen.table_publishing.giving import asked, kept
from ckanext.sdopen.table_publishing.giving.kept import Kept
from ckanext.sdopen.table_publishing.pages import disposition, download_name
from ckanext.sdopen.tables.store.errors import MissingVersion

blueprint = flask.Blueprint("sdopen_bundles", __name__)

MOST = 20


@blueprint.route("/dataset/<id>.zip")
def one(id: str) -> flask.Response:
    """A catalog with its tables."""
    return _answer([id])


@blueprint.route("/bundle.zip")
def several() -> flask.Response:
    """Some catalogs with their tables."""
    return _answer(list(dict.fromkeys(flask.request.args.getlist("entry"))))


def _answer(names: Sequence[str]) -> flask.Response:
    if not 0 < len(names) <= MOST:
        message = tk._("Name 1 to {most} entries: /bundle.zip?entry=…&entry=…")
        return _refused(message.format(most=MOST))
    try:
        safe = not asked.flag(flask.request.args, "raw")
    except tk.ValidationError as error:
        return _refused("\n".join(" ".join(texts) for texts in error.error_dict.values()))
    entries = [_entry(name) for name in names]
    try:
        catalogs = [content.of(entry) for entry in entries]
    except MissingVersion:
        raise readable.not_found() from None
    for table in (data.table for catalog in catalogs for data in catalog.data):
        downloads.note(table.resource.id)
        # that the reader is away is said before the first byte
        reading.ask(table.version, {"ask": "rows", "limit": 1})
    is_open = all(downloads.is_open(entry, visibility.TABLE) for entry in entries)
    made = Kept(content_type="application/zip")
    if flask.request.method != "HEAD":
        # what needs the request is read before it ends
        texts = {f"{one.folder}/terms.txt": content.terms(one) for one in catalogs}
        made.response = content.sent(catalogs, texts, safe)
    made.kept = "public, no-cache" if is_open else kept.PRIVATE
    title = str(entries[0].title) if len(entries) == 1 else tk._("Catalogs")
    made.headers["Content-Disposition"] = disposition(download_name(f"{title}.zip", "x.zip"))
    made.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return made


def _entry(name: str) -> model.Package:
    context = cast(Context, {"user": tk.current_user.name, "auth_user_obj": tk.current_user})
    found = readable.require(context, readable.ENTRY, {"id": name}, "id", part=visibility.TABLE)
    if found is None or found.type != "dataset":
        raise readable.not_found()
    return found


def _refused(sentence: str) -> flask.Response:
    answer = flask.Response(f"{sentence}\n", 400, content_type="text/plain; charset=utf-8")
    answer.headers["Cache-Control"] = "no-store"
    return answer
