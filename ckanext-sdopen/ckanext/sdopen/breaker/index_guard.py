"""Solr behind a circuit: who asks while it is away gets an error at once, no wait."""

from collections.abc import Iterator
from contextlib import contextmanager

from ckanext.sdopen.breaker import noted, settings
from ckanext.sdopen.breaker.circuit import Circuit
from ckanext.sdopen.ckan_seams.repairs.solr_connection import IndexAway, manners

circuit = Circuit()


@contextmanager
def asking() -> Iterator[None]:
    """One request to Solr; no second one in a request of the portal's that it did not answer.

    Raises:
        IndexAway: Solr is away.
    """
    if noted.SOLR in noted.away() or not circuit.allows():
        noted.note(noted.SOLR)
        raise IndexAway
    try:
        yield
    except IndexAway:
        circuit.failed()
        noted.note(noted.SOLR)
        raise
    circuit.succeeded()


def _seconds(writes: bool) -> tuple[float, float]:
    return settings.connect(), settings.solr_write() if writes else settings.solr_read()


def protect() -> None:
    """Let this process ask Solr so from now on; the settings bound each request."""
    circuit.failures, circuit.pause = settings.failures(), settings.pause()
    manners.around, manners.seconds = asking, _seconds
