"""Where a request that changes something comes from, and whether it may act for its sender.

A browser adds the cookies of whoever uses it to every request, whichever page sends it. So what
comes with a cookie must come from a page of the portal itself: by the CSRF token, which CKAN
checks, or, for the API, as JSON from the portal's own origin, which no form elsewhere can send.
"""

from dataclasses import dataclass
from enum import Enum, auto
from urllib.parse import urlsplit

READING = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})


class Verdict(Enum):
    """What to do with a request."""

    PASS = auto()
    """CKAN's own check, of the CSRF token, decides."""
    VOUCHED = auto()
    """It needs no CSRF token: the portal's own script sent it, or it acts for nobody."""
    FOREIGN = auto()
    """It comes from another site."""
    UNPROVEN = auto()
    """It acts by a cookie, and nothing shows that the portal sent it."""


@dataclass(frozen=True, slots=True)
class Sent:
    """What of a request tells where it comes from."""

    method: str
    origin: str
    """The header Origin, or else Referer; empty without both."""
    api: bool
    by_cookie: bool
    """Its sender is known by a cookie alone."""
    by_token: bool
    """It carries an API token that holds; a page elsewhere cannot add one."""
    json: bool
    csrf_token: bool
    """It carries the CSRF token of its session."""


def judge(sent: Sent, own: frozenset[str]) -> Verdict:
    """Whether a request may act, for a portal with these origins (`https://example.cn:8443`)."""
    if sent.method in READING or sent.by_token:
        return Verdict.PASS
    foreign = bool(sent.origin) and origin(sent.origin) not in own
    if sent.api and not sent.by_cookie:
        # nobody's authority is at stake: pages elsewhere may ask what everybody may
        return Verdict.VOUCHED
    if foreign:
        return Verdict.FOREIGN
    if not sent.by_cookie:
        # pages for everybody hold no token
        return Verdict.VOUCHED
    if not sent.api or sent.csrf_token:
        return Verdict.PASS
    return Verdict.VOUCHED if sent.json and sent.origin else Verdict.UNPROVEN


def origin(address: str) -> str:
    """Scheme, host and port of an address in the form of the header Origin; "" where it has none.

    A port that the scheme implies is left out, as browsers do.
    """
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError:
        return ""
    if not parts.scheme or not parts.hostname:
        return ""
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    implied = {"http": 80, "https": 443}.get(parts.scheme)
    return f"{parts.scheme}://{host}" + (f":{port}" if port and port != implied else "")
