"""The watch of a web process: looks at each part, cuts waits for a PostgreSQL that hangs.

It keeps what `/health` says, so that no visitor's request has to find out.
"""

import threading
import time
from collections.abc import Callable, Mapping
from functools import partial

from ckan import model

from ckanext.sdopen.breaker import (
    database,
    index_guard,
    noted,
    probes,
    settings,
    statements,
    table_reader,
)
from ckanext.sdopen.breaker.circuit import Circuit
from ckanext.sdopen.ckan_seams.repairs import redis_pool

# seconds between two looks at statements under way
_TURN = 0.25

_redis_circuit = Circuit()
_CIRCUITS: dict[str, Circuit] = {
    noted.SOLR: index_guard.circuit,
    noted.REDIS: _redis_circuit,
    noted.TABLES: table_reader.circuit,
}
_STARTED: set[str] = set()


def state() -> Mapping[str, bool]:
    """{part: whether it is known to answer}, as last seen; nothing is asked."""
    return {part: not _is_away(part) for part in noted.PARTS}


def _is_away(part: str) -> bool:
    circuit = _CIRCUITS.get(part)
    return circuit is not None and circuit.is_open


def _look(circuit: Circuit, answers: Callable[[], bool]) -> None:
    """Look at a part for ever: seldom while it answers, at each pause while it does not."""
    circuit.watched = True
    try:
        while True:
            if answers():
                circuit.succeeded()
            elif circuit.is_open:
                circuit.trip()
            else:
                circuit.failed()
            # a first failure is looked into at once
            calm = not (circuit.is_open or circuit.has_failed)
            time.sleep(settings.probe() if calm else min(settings.pause(), 1))
    finally:
        # should a look ever fail otherwise, callers have to find out again
        circuit.watched = False


def _cut(server: statements.Server) -> None:
    """Cut the waits for a server that hangs, where one has lasted long and it says no word."""
    if server.overdue(settings.patience()) and not probes.lives(server, settings.connect()):
        server.circuit.trip()
        server.cut(settings.patience())
    # whatever hangs behind a server that lives
    server.cut(settings.statement() + 2 * settings.patience())


def _cut_for_ever() -> None:
    while True:
        time.sleep(_TURN)
        for server in statements.servers():
            _cut(server)


def _heal(server: statements.Server) -> None:
    """Look at another server than the main one, while it is away."""
    if server.circuit.is_open and probes.lives(server, settings.connect()):
        server.circuit.succeeded()


def _heal_others(main: statements.Server) -> None:
    while True:
        time.sleep(settings.pause())
        for server in statements.servers():
            if server is not main:
                _heal(server)


def begin() -> None:
    """Protect this process and begin the watch, once; call it after the fork of a web process."""
    if _STARTED:
        return
    _STARTED.add("watch")
    index_guard.protect()
    database.protect()
    redis_pool.bound(settings.connect(), settings.redis())
    url = model.meta.engine.url.render_as_string(hide_password=False)
    main = database.main(url)
    _CIRCUITS[noted.POSTGRES] = main.circuit
    looks: dict[str, Callable[[], None]] = {
        noted.POSTGRES: partial(_look, main.circuit, partial(probes.postgres, url)),
        noted.SOLR: partial(_look, index_guard.circuit, probes.solr),
        noted.REDIS: partial(_look, _redis_circuit, probes.redis),
        noted.TABLES: partial(_look, table_reader.circuit, probes.tables),
        "statements": _cut_for_ever,
        "other servers": partial(_heal_others, main),
    }
    for name, work in looks.items():
        threading.Thread(target=work, name=f"watch of {name}", daemon=True).start()
