"""PostgreSQL behind a circuit, with bounds of time on connections and statements."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg2
from ckan import model
from sqlalchemy import event
from sqlalchemy.engine import Engine, ExceptionContext, make_url
from sqlalchemy.exc import DBAPIError, SQLAlchemyError, TimeoutError

from ckanext.sdopen.breaker import noted, settings, statements

# what may tell of it
ERRORS = (SQLAlchemyError, psycopg2.Error)
# PostgreSQL is there, but the statement took longer than it may
_CANCELED = "57014"
# it stops, starts, or has no place for us
_AWAY = ("57P", "08", "53")


def main(url: str) -> statements.Server:
    """The server of the portal's own database."""
    parsed = make_url(url)
    return statements.server(parsed.query.get("host") or parsed.host, parsed.port)


def _connect(dialect: Any, _record: Any, cargs: list[Any], cparams: dict[str, Any]) -> Any:
    """Open a connection in the time that the settings give; the events' way to take it over."""
    server = statements.server(cparams.get("host"), cparams.get("port"))
    server.refuse()
    # libpq takes no less than two seconds
    cparams["connect_timeout"] = max(2, settings.connect())
    bound = f"-c statement_timeout={settings.statement() * 1000}"
    cparams["options"] = f"{cparams.get('options', '')} {bound}".strip()
    cparams["connection_factory"] = statements.Connection
    try:
        made = dialect.connect(*cargs, **cparams)
    except psycopg2.OperationalError:
        server.circuit.failed()
        raise
    server.circuit.succeeded()
    made.begin_watch(server)
    return made


def _tells_of_absence(origin: BaseException | None, disconnected: bool) -> bool:
    """Whether an error of psycopg2's says that PostgreSQL does not answer, or not in time."""
    code = getattr(origin, "pgcode", None)
    if disconnected or code == _CANCELED:
        return True
    # what PostgreSQL itself says has a code; a lost connection has none
    lost = isinstance(origin, psycopg2.OperationalError | psycopg2.InterfaceError)
    return lost and (code is None or code.startswith(_AWAY))


def is_absence(error: BaseException) -> bool:
    """Whether an error of SQLAlchemy's or psycopg2's says so; no free connection is none, too."""
    if isinstance(error, DBAPIError):
        return _tells_of_absence(error.orig, error.connection_invalidated)
    if isinstance(error, psycopg2.Error):
        return _tells_of_absence(error, disconnected=False)
    return isinstance(error, TimeoutError)


def _note(context: ExceptionContext) -> None:
    if _tells_of_absence(context.original_exception, context.is_disconnect):
        noted.note(noted.POSTGRES)


def protect() -> None:
    """Bound this process from now on; what connections it has are opened anew."""
    if not event.contains(Engine, "do_connect", _connect):
        event.listen(Engine, "do_connect", _connect)
        # CKAN's own answers hide the error
        event.listen(Engine, "handle_error", _note)
    server = main(str(model.meta.engine.url.render_as_string(hide_password=False)))
    server.circuit.failures, server.circuit.pause = settings.failures(), settings.pause()
    model.meta.engine.dispose()


def note(error: BaseException) -> bool:
    """Remember for the answer that PostgreSQL is away, where an error says so; whether it does."""
    absent = is_absence(error)
    if absent:
        noted.note(noted.POSTGRES)
    return absent


@contextmanager
def noting() -> Iterator[None]:
    """Let errors pass, and remember of each whether it tells that PostgreSQL is away.

    CKAN answers the errors of actions itself. A pool without a free connection and a cursor beside
    SQLAlchemy set off no event of the engine's.
    """
    try:
        yield
    except ERRORS as error:
        note(error)
        raise
