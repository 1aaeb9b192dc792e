"""What is sent to Solr: documents, removals, commits; nothing else of Solr's answers comes through.

Solr's address may hold a password: no message of an error here says it.
"""

import threading
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import ckan.plugins.toolkit as tk
import orjson
import requests

from ckanext.sdopen.ckan_seams.index_key import index_id
from ckanext.sdopen.errors import SdopenError
from ckanext.sdopen.index import solr_connection
from ckanext.sdopen.index.documents.builder import Document

_OWN = threading.local()
_LONGEST_REASON = 300
# Solr takes more; beyond it a request gains nothing
_BYTES = 16 * 1024 * 1024
# for the smallest question, in seconds
_SOON = 10.0
# the request itself is wrong, and with it one of its documents
_REFUSED = (400, 413)


class SolrSilent(SdopenError):
    """Solr does not answer, or does not take writes just now; `str` says no address."""


class SolrSlow(SolrSilent):
    """Solr took a connection and did not answer in time: perhaps it was given too much."""


class SolrFails(SolrSilent):
    """Solr answers that it failed: it chooses a leader, or it cannot work on a document."""


class Refusal(SdopenError):
    """Solr refuses what was sent; `str` is its reason."""


def _session() -> requests.Session:
    """A connection for each thread, kept open."""
    if not hasattr(_OWN, "session"):
        _OWN.session = solr_connection.session()
        user, password = tk.config["solr_user"], tk.config["solr_password"]
        _OWN.session.auth = (user, password) if user and password else None
    return _OWN.session


def forget() -> None:
    """Close this thread's connection: a forked process must not share it."""
    if hasattr(_OWN, "session"):
        _OWN.session.close()
        del _OWN.session


def _reason(answer: requests.Response) -> str:
    try:
        return str(answer.json()["error"]["msg"])[:_LONGEST_REASON]
    except (ValueError, KeyError, TypeError):
        return f"HTTP {answer.status_code}"


def asked(
    path: str, body: bytes | None = None, seconds: float | None = None, **parameters: str
) -> Any:
    """The answer to a request to Solr's core.

    Args:
        path: below the core.
        body: JSON.
        seconds: how long the answer may take, else what the setting allows.
        parameters: of the request.

    Raises:
        SolrSlow: it took too long.
        SolrSilent: there was none, or one that says that Solr cannot answer now.
        Refusal: Solr does not take the request.
    """
    url = f"{str(tk.config['solr_url']).rstrip('/')}/{path}"
    allowed = seconds or float(tk.config["ckanext.sdopen.search.solr_timeout"])
    try:
        answer = _session().post(
            url,
            params={"wt": "json", **parameters},
            data=body or b"[]",
            headers={"Content-Type": "application/json"},
            timeout=allowed,
        )
    except requests.RequestException as error:
        if solr_connection.timed_out(error):
            raise SolrSlow(f"Solr does not answer within {allowed:g} s") from None
        raise SolrSilent(f"Solr does not answer ({type(error).__name__})") from None
    if answer.status_code in _REFUSED:
        raise Refusal(_reason(answer))
    if answer.status_code == 500:
        raise SolrFails(f"Solr answers HTTP 500: {_reason(answer)}")
    if answer.status_code != 200:
        raise SolrSilent(f"Solr answers HTTP {answer.status_code}: {_reason(answer)}")
    try:
        return orjson.loads(answer.content)
    except ValueError:
        raise SolrSilent("Solr's answer broke off") from None


def _encoded(doc: Document) -> bytes:
    """A document as pysolr sends it: without fields that hold nothing."""
    kept = {name: value for name, value in doc.items() if value is not None and value != ""}
    try:
        return orjson.dumps(kept)
    except TypeError:
        # CKAN's own documents have names of SQLAlchemy's kind of text
        return orjson.dumps({str(name): value for name, value in kept.items()})


def _sent(encoded: Sequence[bytes]) -> None:
    # in Solr's own time, one second, a searcher opened every second would take a fifth of a load
    seconds = int(tk.config["ckanext.sdopen.search.drain_visible_seconds"])
    asked("update", b"[" + b",".join(encoded) + b"]", commitWithin=str(seconds * 1000))


def _refused(ids: Sequence[str], encoded: Sequence[bytes]) -> dict[str, str]:
    """Send documents; where Solr refuses them, halve them down to the wrong ones."""
    try:
        _sent(encoded)
    except Refusal as error:
        if len(ids) == 1:
            return {ids[0]: str(error)}
        half = len(ids) // 2
        return _refused(ids[:half], encoded[:half]) | _refused(ids[half:], encoded[half:])
    return {}


def _failing(ids: Sequence[str], encoded: Sequence[bytes]) -> dict[str, str]:
    """Send documents one by one; those on which a Solr fails that takes others are refused."""
    refused: dict[str, str] = {}
    failure: SolrFails | None = None
    for one, part in zip(ids, encoded, strict=True):
        try:
            refused |= _refused([one], [part])
        except SolrFails as error:
            failure = error
            refused[one] = str(error)
    if failure is not None and len(refused) == len(ids):
        raise failure
    return refused


def post(docs: Iterable[Document]) -> dict[str, str]:
    """Send documents without a commit, and wait for Solr's answer.

    Returns:
        {id: reason} of those that Solr refused; the others are taken.

    Raises:
        SolrSilent: what was taken is unknown.
    """
    return _posted(docs, _refused)


def post_each(docs: Iterable[Document]) -> dict[str, str]:
    """The same one by one, which finds the document on which Solr fails again and again."""
    return _posted(docs, _failing)


def _posted(
    docs: Iterable[Document], send: Callable[[Sequence[str], Sequence[bytes]], dict[str, str]]
) -> dict[str, str]:
    refused: dict[str, str] = {}
    ids: list[str] = []
    encoded: list[bytes] = []
    size = 0
    for doc in docs:
        try:
            part = _encoded(doc)
        except TypeError as error:
            refused[doc["id"]] = str(error)
            continue
        if size + len(part) > _BYTES and ids:
            refused |= send(ids, encoded)
            ids, encoded, size = [], [], 0
        ids.append(doc["id"])
        encoded.append(part)
        size += len(part) + 1
    return refused | (send(ids, encoded) if ids else {})


def stored_documents(ids: Iterable[str], fields: str = "") -> dict[str, dict[str, Any]]:
    """{id: these fields of its document} of the packages that can be found in the index."""
    keys = {index_id(one): one for one in ids}
    query = {
        "query": "*:*",
        "filter": ["{!terms f=index_id}" + ",".join(keys)],
        "fields": f"index_id,{fields}".rstrip(","),
        "limit": len(keys),
    }
    docs = asked("select", orjson.dumps(query))["response"]["docs"]
    return {keys[doc["index_id"]]: doc for doc in docs}


def remove(ids: Iterable[str]) -> None:
    """Take packages out of the index, without a commit."""
    keys = [index_id(one) for one in ids]
    if keys:
        asked("update", orjson.dumps({"delete": keys}))


def answers() -> bool:
    """Whether Solr answers the smallest question soon."""
    try:
        asked("select", orjson.dumps({"query": "*:*", "limit": 0}), _SOON)
    except SolrSilent:
        return False
    return True


def soft_commit() -> None:
    """Wait until all that was sent can be found."""
    asked("update", softCommit="true", waitSearcher="true")


def hard_commit(visible: bool = False) -> None:
    """Have Solr write to the disk all that was sent; with `visible` wait until it can be found."""
    opens = str(visible).lower()
    asked("update", commit="true", openSearcher=opens, waitSearcher=opens)
