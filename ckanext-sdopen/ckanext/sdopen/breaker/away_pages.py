"""What a visitor or a program gets while a part is away: 503, what to do, and when to come again.

The page needs no database: it is one template without the portal's frame.
"""

import logging
from typing import Any

import ckan.plugins.toolkit as tk
import psycopg2
from flask import Blueprint, Response, current_app, jsonify, make_response
from sqlalchemy.exc import SQLAlchemyError

from ckanext.sdopen.breaker import database, noted, secrets, settings
from ckanext.sdopen.breaker.table_reader import TableReaderAway
from ckanext.sdopen.ckan_seams.repairs.solr_connection import IndexAway

log = logging.getLogger(__name__)
blueprint = Blueprint("sdopen_away", __name__)
# what CKAN answers where an error of a part came through; 409 is its word for a failed search
_ERRORS = (409, 500)
_TYPES = (
    "Search Error",
    "Search Index Error",
    "Search Connection Error",
    "Internal Server Error",
)
_LONGEST = 256 * 1024


def _is_api() -> bool:
    return "/api/" in tk.request.path


def _sentence() -> str:
    if noted.POSTGRES in noted.away():
        return tk._("The portal's database does not answer at the moment; nothing was changed.")
    if noted.TABLES in noted.away() and noted.SOLR not in noted.away():
        return tk._("The tables do not answer at the moment; nothing was changed.")
    return tk._("The search does not answer at the moment; nothing was changed.")


def answer(sentence: str = "") -> Response:
    """503 with Retry-After: JSON for a program, a plain page for people.

    Args:
        sentence: what is the matter, where it is no part that is away.
    """
    sentence = sentence or _sentence()
    again = settings.retry()
    if _is_api():
        remedy = tk._("Send the request again in {seconds} seconds.").format(seconds=again)
        error = {"__type": "Service Unavailable", "message": f"{sentence} {remedy}"}
        made = jsonify(success=False, error=error)
    else:
        page = current_app.jinja_env.get_template("sdopen/breaker/away.html")
        said = {
            "lang": tk.request.environ.get("CKAN_LANG", ""),
            "title": tk._("The portal is not available at the moment"),
            "sentence": sentence,
            "remedy": tk._("Please try again in a minute."),
        }
        made = make_response(page.render(**said))
    made.status_code = 503
    made.headers["Retry-After"] = str(again)
    made.headers["Cache-Control"] = "no-store"
    return made


@blueprint.app_errorhandler(psycopg2.Error)
@blueprint.app_errorhandler(SQLAlchemyError)
def no_database(error: SQLAlchemyError | psycopg2.Error) -> Response:
    """An error of the database outside of an action; one that tells of no absence goes on."""
    if database.note(error):
        return answer()
    raise error


@blueprint.app_errorhandler(IndexAway)
def no_index(error: IndexAway) -> Response:
    """Solr was needed, and nothing else could answer."""
    log.warning("%s needs Solr, which is away", tk.request.path, exc_info=error)
    return answer()


@blueprint.app_errorhandler(TableReaderAway)
def no_tables(error: TableReaderAway) -> Response:
    """Rows of a table were needed, and its reader does not answer."""
    log.warning("%s needs the table reader, which is away: %s", tk.request.path, error)
    return answer()


def _tells_of_a_part(response: Response) -> bool:
    """Whether an answer of CKAN's tells of an error that a part which is away has caused."""
    if not noted.away() or response.status_code not in _ERRORS:
        return False
    if not _is_api():
        return response.status_code == 500
    told: Any = response.get_json(silent=True)
    error = told.get("error") if isinstance(told, dict) else None
    # the DataStore takes a broken connection for a wrong query, and tells the statement
    return isinstance(error, dict) and (error.get("__type") in _TYPES or "info" in error)


@blueprint.after_app_request
def say_so(response: Response) -> Response:
    """Answer 503 where CKAN answers an error of its own, and take secrets out of errors."""
    if _tells_of_a_part(response):
        return answer()
    if response.status_code >= 400 and not response.is_streamed:
        body = response.get_data(as_text=True) if _is_text(response) else ""
        cleaned = secrets.removed(body)
        if cleaned != body:
            response.set_data(cleaned)
    return response


def _is_text(response: Response) -> bool:
    size = response.content_length or 0
    kinds = ("text/", "application/json", "application/xml")
    return size <= _LONGEST and str(response.mimetype).startswith(kinds)
