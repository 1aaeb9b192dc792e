"""CKAN's connection to Solr with bounds of time, without a password in its address.

CKAN 2.12 writes user and password into the address, which stands in errors and in the log, and
waits `solr_timeout` for each answer. No released CKAN makes this unnecessary; one that gives
`pysolr.Solr` its `auth` makes the half of it so.
"""

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from typing import Any

import ckan.plugins.toolkit as tk
import pysolr
import requests
import simplejson
from ckan.lib import search
from ckan.lib.search import common, index, query

# the answer says nothing of the question: Solr is away, starts, or does not know us
_NO_ANSWERS = (401, 403, 404, 408, 429)


class IndexAway(common.SearchError, common.SearchIndexError, common.SolrConnectionError):
    """Solr does not answer, or answers that it cannot work; `str` says no address."""

    def __init__(self) -> None:
        super().__init__("The search does not answer at the moment")


def _patiently() -> tuple[float, float]:
    seconds = float(tk.config["solr_timeout"] or 60)
    return min(seconds, 10), seconds


@dataclass
class _Manners:
    """How this process asks Solr: what stands around a request, and (connect, answer) seconds."""

    around: Callable[[], AbstractContextManager[None]] = nullcontext
    seconds: Callable[[bool], tuple[float, float]] = lambda writes: _patiently()


manners = _Manners()


class _Session(requests.Session):
    """Requests that end in time, and that say nothing of where Solr stands."""

    def request(self, method: str, url: str, **more: Any) -> requests.Response:  # type: ignore[override]
        """Ask Solr.

        Raises:
            IndexAway: it does not answer in time, or that it cannot.
        """
        writes = url.split("?")[0].rstrip("/").endswith("/update")
        with manners.around():
            try:
                answer = super().request(
                    method, url, **{**more, "timeout": manners.seconds(writes)}
                )
            except requests.RequestException:
                raise IndexAway from None
            if answer.status_code >= 500 or answer.status_code in _NO_ANSWERS:
                raise IndexAway
            return answer


class Solr(pysolr.Solr):
    """pysolr's client with our sessions."""

    def get_session(self) -> requests.Session:
        """The session of this client, made once."""
        if not hasattr(self, "_own"):
            self._own = _Session()
        return self._own

    def answers(self, seconds: tuple[float, float]) -> bool:
        """Whether Solr searches, asked beside `manners`, in (connect, answer) seconds."""
        url = f"{str(self.url).rstrip('/')}/select?q=*:*&rows=0&wt=json"
        try:
            return requests.get(url, auth=self.auth, timeout=seconds).status_code == 200
        except requests.RequestException:
            return False

    def system(self, seconds: tuple[float, float]) -> dict[str, Any]:
        """What Solr says of its release and its machine; empty where it does not answer in time."""
        url = f"{str(self.url).rstrip('/')}/admin/system?wt=json"
        try:
            answer = requests.get(url, auth=self.auth, timeout=seconds)
            said = answer.json() if answer.status_code == 200 else {}
        except (requests.RequestException, ValueError):
            return {}
        return said if isinstance(said, dict) else {}


def connect(decode_dates: bool = True, kind: type[Solr] = Solr) -> Solr:
    """A connection to Solr as the settings say, as `ckan.lib.search.common.make_connection`."""
    user, password = tk.config["solr_user"], tk.config["solr_password"]
    more: dict[str, Any] = {"auth": (user, password)} if user and password else {}
    if decode_dates:
        more["decoder"] = simplejson.JSONDecoder(object_hook=common.solr_datetime_decoder)
    return kind(tk.config["solr_url"], **more)


def is_available() -> bool:
    """Whether Solr searches; CKAN's own, asked at each start, logs the address if not."""
    return connect().answers(_patiently())


# CKAN's searches find it by these names; the original stays, for `ckan_seams.copied` to look at
for _module in (query, search):
    _module.make_connection = connect  # type: ignore[attr-defined]
if index.make_connection.__module__ == common.__name__:
    index.make_connection = connect
search.is_available = is_available
