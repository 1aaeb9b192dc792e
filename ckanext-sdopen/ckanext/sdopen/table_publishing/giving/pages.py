"""Addresses of tables below their entry: `/dataset/<entry>/<table>.csv`, `…/<table>@<hash>.csv`.

Routes whose parts are words come first, CKAN's and ckanext-dcat's among them: these take what is
left.
"""

import logging
from typing import Any

import ckan.plugins.toolkit as tk
import flask
from werkzeug.exceptions import BadRequest

from ckanext.sdopen.access import readable
from ckanext.sdopen.breaker import away_pages
from ckanext.sdopen.breaker.table_reader import TableReaderAway
from ckanext.sdopen.jobs.queues import TooMany
from ckanext.sdopen.table_publishing import downloads, reading
from ckanext.sdopen.table_publishing.giving import addresses, files, found, previews, waiting
from ckanext.sdopen.table_publishing.giving.files import Ordered
from ckanext.sdopen.table_publishing.made import bounds
from ckanext.sdopen.table_publishing.made.bounds import TooLarge
from ckanext.sdopen.table_publishing.made.ordering import BeingMade, NotMade
from ckanext.sdopen.tables.query.refusals import Busy, QueryError, TooSlow
from ckanext.sdopen.tables.store.errors import NoRoom, StorageAway

log = logging.getLogger(__name__)
blueprint = flask.Blueprint("sdopen_tables", __name__)


@blueprint.route("/dataset/<id>/<table>.<form>")
@blueprint.route("/dataset/<id>/<table>@<digest>.<form>")
def file(id: str, table: str, form: str, digest: str | None = None) -> flask.Response:
    """A table as a file, in its latest version or the one of a hash."""
    if form not in files.ALL:
        raise readable.not_found()
    ordered = Ordered(found.find(id, table, digest), form, digest is not None)
    downloads.note(ordered.found.resource.id)
    try:
        return files.answer(ordered, list(flask.request.args.items(multi=True)))
    except tk.ValidationError as error:
        return _refused(400, "\n".join(" ".join(texts) for texts in error.error_dict.values()))
    except TooLarge as error:
        return _refused(413, str(error))
    except BeingMade as error:
        return waiting.answer(ordered, error.job)
    except TooMany as error:
        message = tk._("{most} files are being made already; ask for this one a little later")
        return away_pages.answer(message.format(most=error.most))
    except NotMade as error:
        return _refused(409, str(error))
    except (Busy, TooSlow) as error:
        return away_pages.answer(reading.sentence(error))
    except QueryError as error:
        return _refused(400, reading.sentence(error))
    except NoRoom as error:
        log.warning("a file of %s is not given: %s", ordered.found.version.table, error)
        return away_pages.answer(bounds.no_room())
    except StorageAway as error:
        raise TableReaderAway("the storage of tables does not answer") from error


@blueprint.route("/dataset/<id>/<table>")
def page(id: str, table: str) -> Any:
    """A table for people: some of its rows, its columns, its files."""
    given = list(flask.request.args.items(multi=True))
    table_found = found.find(id, table)
    downloads.note(table_found.resource.id)
    if any(not value.strip() for _, value in given):
        # a form sends what nobody filled in, too; an address without it can be handed on
        filled = [(name, value) for name, value in given if value.strip()]
        return flask.redirect(addresses.page(table_found, filled))
    try:
        shown = previews.of(table_found, given)
    except tk.ValidationError as error:
        sentences = [text for texts in error.error_dict.values() for text in texts]
        raise BadRequest(" ".join(sentences)) from error
    entry = tk.get_action("package_show")({}, {"id": table_found.entry.id})
    more = {"pkg_dict": entry, "shown": shown, "found": table_found}
    return tk.render("sdopen/table_publishing/table.html", more)


def _refused(status: int, sentence: str) -> flask.Response:
    """A sentence for whoever asked for a file: people by a browser, programs by a log."""
    answer = flask.Response(f"{sentence}\n", status, content_type="text/plain; charset=utf-8")
    answer.headers["Cache-Control"] = "no-store"
    return answer
