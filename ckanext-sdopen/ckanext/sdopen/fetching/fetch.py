"""Fetch a file from an address, or look whether an address answers."""

import errno
import hashlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urljoin

import requests
import urllib3

from ckanext.sdopen.fetching.addresses import checked, shown
from ckanext.sdopen.fetching.guard import Guard, Resolver, system_resolver
from ckanext.sdopen.fetching.messages import FetchError
from ckanext.sdopen.fetching.rules import MIB, Rules
from ckanext.sdopen.fetching.sessions import session

_CHUNK = 1 << 16
_OK = 200
_LEADS_ON = frozenset((301, 302, 303, 307, 308))
# what servers answer that do not know HEAD
_NO_HEAD = frozenset((400, 403, 404, 405, 501))
# bytes read, bytes in all or 0
Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Answer:
    """What an address answered: where it led to, its status, and what the headers say."""

    address: str
    status: int
    headers: Mapping[str, str]


@dataclass(frozen=True)
class Fetched:
    """A file that was fetched: the answer, its bytes (unpacked), their SHA-256 as hex."""

    answer: Answer
    bytes: int
    sha256: str


def fetch(
    address: str,
    target: Path,
    rules: Rules | None = None,
    headers: Mapping[str, str] | None = None,
    progress: Progress | None = None,
    resolver: Resolver = system_resolver,
) -> Fetched:
    """Fetch a file.

    Args:
        target: the file to write, which must not be there yet.
        headers: headers of the request, which go to the host of the address only.
        progress: told as bytes come in; what it raises ends the fetching.

    Raises:
        FetchError: nothing was fetched, and no file is left.
    """
    rules = rules or Rules()
    with (
        Guard(rules, resolver) as guard,
        _answer("GET", address, guard, headers or {}) as (answer, response),
    ):
        if answer.status != _OK:
            raise FetchError("status", address=shown(address), status=answer.status)
        with target.open("xb") as file:
            try:
                digest, size = hashlib.sha256(), 0
                for chunk in _body(address, response, guard, progress):
                    file.write(chunk)
                    digest.update(chunk)
                    size += len(chunk)
            except BaseException as error:
                target.unlink(missing_ok=True)
                if isinstance(error, OSError) and error.errno == errno.ENOSPC:
                    raise FetchError("no_room") from None
                raise
    return Fetched(answer, size, digest.hexdigest())


def look(address: str, rules: Rules | None = None, resolver: Resolver = system_resolver) -> Answer:
    """What an address answers: by HEAD, or by asking for the first byte where HEAD is unknown.

    Raises:
        FetchError: it does not answer, or may not be visited.
    """
    rules = rules or Rules()
    with Guard(rules, resolver) as guard:
        with _answer("HEAD", address, guard, {}) as (answer, _):
            if answer.status not in _NO_HEAD:
                return answer
        with _answer("GET", address, guard, {"Range": "bytes=0-0"}) as (answer, _):
            return answer


@contextmanager
def _answer(
    method: str, address: str, guard: Guard, headers: Mapping[str, str]
) -> Iterator[tuple[Answer, requests.Response]]:
    """The answer to a request, wherever it led to; its body is not read yet."""
    rules, first = guard.rules, checked(address)
    with session(guard) as sender, _named(address, guard):
        here, parts = address.strip(), first
        for _ in range(rules.redirects + 1):
            if rules.proxy:
                # it connects, not we: at least what we know of the host is asked
                guard.reachable(parts.hostname or "", parts.port or 0)
            same = parts.netloc == first.netloc and parts.scheme == first.scheme
            response = sender.request(
                method,
                here,
                headers=dict(headers) if same else {},
                stream=True,
                allow_redirects=False,
                timeout=(rules.connect, rules.read),
            )
            onward = sender.get_redirect_target(response)
            if response.status_code not in _LEADS_ON or not onward:
                with response:
                    yield Answer(here, response.status_code, response.headers), response
                return
            response.close()
            here = urljoin(here, onward)
            before, parts = parts, checked(here)
            if before.scheme == "https" and parts.scheme == "http":
                raise FetchError("downgrade", address=shown(here))
        raise FetchError("redirects", address=shown(address), limit=rules.redirects)


@contextmanager
def _named(address: str, guard: Guard) -> Iterator[None]:
    """Turn what the libraries raise into an error with a name."""
    where, host = shown(address), checked(address).hostname
    slow = FetchError("slow", address=where, seconds=guard.rules.total)
    try:
        yield
    except (requests.RequestException, urllib3.exceptions.HTTPError) as error:
        if guard.is_over():
            raise slow from None
        raise _error(error, where, str(host), guard.rules) from None
    except FetchError:
        if guard.is_over():
            raise slow from None
        raise


def _error(error: Exception, where: str, host: str, rules: Rules) -> FetchError:
    if isinstance(error, requests.exceptions.SSLError | urllib3.exceptions.SSLError):
        return FetchError("tls", host=host)
    if isinstance(error, requests.Timeout | urllib3.exceptions.TimeoutError):
        return FetchError("silent", host=host, seconds=rules.read)
    if isinstance(error, requests.exceptions.InvalidURL | urllib3.exceptions.LocationValueError):
        return FetchError("address", address=where)
    if isinstance(error, requests.exceptions.ProxyError):
        return FetchError("connect", host=host)
    if isinstance(error, urllib3.exceptions.IncompleteRead | urllib3.exceptions.ProtocolError):
        return FetchError("cut", address=where)
    return FetchError("answer", host=host)


def _body(
    address: str, response: requests.Response, guard: Guard, progress: Progress | None
) -> Iterator[bytes]:
    """The bytes of an answer, unpacked, within the bounds as sent and as unpacked."""
    rules, raw, size = guard.rules, response.raw, 0
    said = response.headers.get("Content-Length", "")
    whole = int(said) if said.isdigit() else 0
    large = FetchError("too_large", address=shown(address), limit=rules.most_bytes // MIB)
    if whole > rules.most_bytes:
        raise large
    for chunk in raw.stream(_CHUNK, decode_content=True):
        size += len(chunk)
        if raw.tell() > rules.most_bytes:
            raise large
        if size > rules.most_unpacked:
            limit = rules.most_unpacked // MIB
            raise FetchError("unpacked", address=shown(address), limit=limit)
        if progress:
            progress(raw.tell(), whole)
        yield chunk
    # where the server says no length, an answer that was cut off ends like a whole one
    if guard.is_over():
        raise FetchError("slow", address=shown(address), seconds=rules.total)
