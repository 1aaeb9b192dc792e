"""The table reader behind a circuit: who asks while it is away gets an error at once, no wait."""

from collections.abc import Iterator
from contextlib import contextmanager

from ckanext.sdopen.breaker import noted, settings
from ckanext.sdopen.breaker.circuit import Circuit
from ckanext.sdopen.errors import SdopenError

circuit = Circuit()


class TableReaderAway(SdopenError):
    """The process that reads tables does not answer; a request becomes a 503."""


@contextmanager
def asking() -> Iterator[None]:
    """One request to the reader; no second one in a request of the portal's that it left waiting.

    Raises:
        TableReaderAway: it is away.
    """
    circuit.failures, circuit.pause = settings.failures(), settings.pause()
    if noted.TABLES in noted.away() or not circuit.allows():
        noted.note(noted.TABLES)
        raise TableReaderAway("it did not answer before")
    try:
        yield
    except TableReaderAway:
        circuit.failed()
        noted.note(noted.TABLES)
        raise
    circuit.succeeded()
