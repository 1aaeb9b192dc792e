"""The end of a request whose connection to the database was lost: the page that is ready is given.

CKAN 2.12 rolls the session back after each request, and an error of that is all that the visitor
gets (ckan.config.middleware.flask_app.ckan_after_request). No released CKAN makes this unnecessary.
"""

import logging

from ckan import model
from ckan.config.middleware import flask_app
from flask import Flask, Response
from sqlalchemy.exc import SQLAlchemyError

_log = logging.getLogger(__name__)


def _after(response: Response) -> Response:
    """What CKAN does after a request, with a session that ends whatever its connection says."""
    try:
        model.Session.remove()
    except SQLAlchemyError:
        _log.warning("The connection of a request was lost before its end", exc_info=True)
        # the server has rolled back what was lost; the thread begins anew
        model.Session.registry.clear()
    return flask_app.ckan_after_request(response)


def spare(app: Flask) -> None:
    """Let requests end so from now on; nothing where CKAN ends them in another way."""
    own = app.after_request_funcs.get(None, [])
    app.after_request_funcs[None] = [
        _after if function is flask_app.ckan_after_request else function for function in own
    ]
