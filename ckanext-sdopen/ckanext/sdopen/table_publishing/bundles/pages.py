"""Addresses of bundles: `/dataset/<entry>.zip`, and `/bundle.zip?entry=…&entry=…` of several."""

import logging
from collections.abc import Sequence
from contextlib import ExitStack
from typing import cast

import ckan.plugins.toolkit as tk
import flask
from ckan import model
from ckan.types import Context

from ckanext.sdopen.access import readable, visibility
from ckanext.sdopen.breaker import away_pages
from ckanext.sdopen.table_publishing import downloads, reading
from ckanext.sdopen.table_publishing.bundles import content
from ckanext.sdopen.table_publishing.bundles.packing import Packing, TooMany
from ckanext.sdopen.table_publishing.giving import asked, found, kept
from ckanext.sdopen.table_publishing.giving.found import Found
from ckanext.sdopen.table_publishing.giving.kept import Kept
from ckanext.sdopen.table_publishing.pages import disposition, download_name
from ckanext.sdopen.tables import reader_client
from ckanext.sdopen.tables.query.refusals import QueryError
from ckanext.sdopen.tables.store.errors import MissingVersion, NoRoom, StorageAway

log = logging.getLogger(__name__)
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
        return _refused(400, message.format(most=MOST))
    try:
        safe = not asked.flag(flask.request.args, "raw")
    except tk.ValidationError as error:
        return _refused(400, "\n".join(" ".join(texts) for texts in error.error_dict.values()))
    tables = [(entry, found.every(entry)) for entry in map(_entry, names)]
    try:
        content.require_size([one for _, some in tables for one in some])
        with ExitStack() as stack:
            packing = Packing()
            stack.callback(packing.end)
            made = _packed(tables, safe)
            # sent or thrown away, an answer is closed
            made.call_on_close(stack.pop_all().close)
            return made
    except content.TooLarge as error:
        return _refused(413, str(error))
    except MissingVersion:
        raise readable.not_found() from None
    except TooMany:
        return away_pages.answer(tk._("Too many catalogs are being packed at the moment"))
    except QueryError as error:
        return away_pages.answer(reading.sentence(error))
    except (NoRoom, StorageAway) as error:
        log.warning("a bundle is not given: %s", error.sentence("en"))
        said = tk._("The tables do not answer at the moment; nothing was changed.")
        return away_pages.answer(said)


def _packed(tables: Sequence[tuple[model.Package, Sequence[Found]]], safe: bool) -> Kept:
    catalogs = [content.of(entry, some) for entry, some in tables]
    for table in (data.table for catalog in catalogs for data in catalog.data):
        downloads.note(table.resource.id)
        # that the reader is away is said before the first byte
        reader_client.query(reading.readable(table.version), {"ask": "rows", "limit": 1})
    entries = [entry for entry, _ in tables]
    # what not everybody may see stands in what is shown to somebody
    is_open = not tk.current_user.is_authenticated and all(
        downloads.is_open(entry, visibility.TABLE) for entry in entries
    )
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
    stored = readable.require(context, readable.ENTRY, {"id": name}, "id", part=visibility.TABLE)
    if stored is None or stored.type != "dataset":
        raise readable.not_found()
    return stored


def _refused(status: int, sentence: str) -> flask.Response:
    answer = flask.Response(f"{sentence}\n", status, content_type="text/plain; charset=utf-8")
    answer.headers["Cache-Control"] = "no-store"
    return answer
