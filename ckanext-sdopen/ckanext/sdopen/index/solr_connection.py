"""A session for requests to Solr: quick to give up connecting, patient while it sends.

urllib3 bounds the sending of a body by the time for connecting; a busy Solr that reads a large one
slowly would never get it whole.
"""

from typing import Any

import requests
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import ReadTimeoutError

# who does not accept a connection within so many seconds does not answer
_CONNECTED = 10.0


class _Patient:
    """Connects within `_CONNECTED` seconds; the whole time of the request is left for the rest."""

    timeout: float
    sock: Any

    def connect(self) -> None:
        """Connect, and let the socket have the time of the answer from then on."""
        whole, self.timeout = self.timeout, min(self.timeout, _CONNECTED)
        try:
            super().connect()  # type: ignore[misc]
        finally:
            self.timeout = whole
        self.sock.settimeout(whole)


class _Plain(_Patient, HTTPConnection):  # type: ignore[misc]
    """The same over HTTP."""


class _Secure(_Patient, HTTPSConnection):  # type: ignore[misc]
    """The same over HTTPS."""


class _PlainPool(HTTPConnectionPool):
    ConnectionCls = _Plain  # type: ignore[assignment]


class _SecurePool(HTTPSConnectionPool):
    ConnectionCls = _Secure  # type: ignore[assignment]


class _Adapter(HTTPAdapter):
    def init_poolmanager(self, *arguments: Any, **more: Any) -> None:
        """Make connections of our kind."""
        super().init_poolmanager(*arguments, **more)
        pools = {"http": _PlainPool, "https": _SecurePool}
        self.poolmanager.pool_classes_by_scheme = pools


def session() -> requests.Session:
    """A session whose requests take one `timeout`, in seconds, for each step."""
    made = requests.Session()
    for scheme in ("http://", "https://"):
        made.mount(scheme, _Adapter())
    return made


def timed_out(error: requests.RequestException) -> bool:
    """Whether a request was sent and took too long, not whether nobody accepted it."""
    if isinstance(error, requests.ConnectTimeout):
        return False
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, (TimeoutError, ReadTimeoutError, requests.ReadTimeout)):
            return True
        cause = cause.__context__
    return False
