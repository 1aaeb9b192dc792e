"""What the clients of a load ask for, and how one asks."""

import http.client
import json
import random
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlsplit

# what clients ask for, and how often each of it
SHARES = {
    **{"home": 2, "list": 2, "search": 3, "entry": 4, "department": 1},
    **{"api": 2, "show": 2, "odd": 2, "batch": 1, "static": 3, "health": 1},
}
# what nothing can store, what is of another kind than asked for, what is too much
ODD = (
    b'{"q": "a\\u0000b"}',
    b'{"q": ["a"], "rows": {"b": 1}}',
    b'{"rows": -1, "start": "1e999"}',
    b'{"q": "' + "数据共享开放".encode() * 3_400 + b'"}',
    b'{"q": ' + b"[" * 500 + b"]" * 500 + b"}",
    b'{"fq": "title:(((", "sort": ",,"}',
    b'{"q": "\xff\xfe',
    b'{"facet.field": ["' + b'", "'.join([b"title"] * 500) + b'"]}',
    b'{"q": "' + b"x" * 1_200_000 + b'"}',
)
# a batch that nobody in particular sends
BATCH = b'{"title": "a", "resource_code": "307001/00001"}\n' * 2_000
_SENT = {"odd": ODD, "batch": (BATCH,)}
NO_ANSWER = 0
_PATIENCE = 120.0


@dataclass(frozen=True)
class Seen:
    """One answer: what was asked for, its status (0: none), its seconds, whether it says when."""

    kind: str
    status: int
    seconds: float
    says_when: bool = False


def ask(url: str, path: str, sent: bytes = b"") -> tuple[int, bool, bytes]:
    """The status of an answer, 0 where there is none; whether it says when to return; its body.

    Args:
        url: the portal's address.
        path: what is asked for.
        sent: JSON that is sent by POST; without it, GET.
    """
    parts = urlsplit(url)
    link = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=_PATIENCE)
    try:
        if sent:
            link.request("POST", path, sent, {"Content-Type": "application/json"})
        else:
            link.request("GET", path)
        answer = link.getresponse()
        body = answer.read()
    except (OSError, http.client.HTTPException):
        return NO_ANSWER, False, b""
    finally:
        link.close()
    return answer.status, answer.getheader("Retry-After") is not None, body


def timed(url: str, kind: str, path: str, sent: bytes = b"") -> Seen:
    """Ask and take the time."""
    began = time.perf_counter()
    status, says_when, _ = ask(url, path, sent)
    return Seen(kind, status, time.perf_counter() - began, says_when)


def entries(url: str) -> list[dict[str, Any]]:
    """Some entries of the portal."""
    status, _, body = ask(url, "/api/3/action/package_search?rows=100")
    return list(json.loads(body)["result"]["results"]) if status == 200 else []


def wishes(
    chance: random.Random, known: Sequence[Mapping[str, Any]]
) -> Iterator[tuple[str, str, bytes]]:
    """What a client asks for, one after the other, as (kind, path, JSON); no search comes twice."""
    words = [str(entry["title"])[:6] for entry in known] or ["数据"]
    pages = [f"/{entry['type']}/{entry['name']}" for entry in known] or ["/about"]
    names = [str(entry["name"]) for entry in known] or ["none"]
    owners = [str((entry.get("organization") or {}).get("name", "")) for entry in known] or [""]
    while True:
        (kind,) = chance.choices(list(SHARES), list(SHARES.values()))
        word, number = quote(chance.choice(words)), chance.randrange(10**9)
        path = {
            "home": "/",
            "list": f"/dataset/?page={chance.randint(1, 20)}",
            "search": f"/dataset/?q={word}&n={number}",
            "entry": chance.choice(pages),
            "department": f"/organization/{chance.choice(owners)}",
            "api": f"/api/3/action/package_search?rows=10&q={word}",
            "show": f"/api/3/action/package_show?id={chance.choice(names)}",
            "odd": "/api/3/action/package_search",
            "batch": "/api/3/bulk/sdopen_entry_bulk_upsert",
            "static": "/base/images/ckan-logo-footer.png",
            "health": "/health",
        }[kind]
        yield kind, path, chance.choice(_SENT.get(kind, (b"",)))
