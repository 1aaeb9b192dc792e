"""Addresses as they are checked before each request, and as they are shown."""

from urllib.parse import SplitResult, urlsplit

from ckanext.sdopen.fetching.messages import FetchError

_SCHEMES = ("http", "https")


def shown(address: str) -> str:
    """An address for a message: no user, no query, which may hold a key, and not too long."""
    bare = address.partition("?")[0].partition("#")[0]
    scheme, found, rest = bare.partition("://")
    host, slash, path = rest.partition("/")
    return f"{scheme}{found}{host.rpartition('@')[2]}{slash}{path}"[:200]


def checked(address: str) -> SplitResult:
    """The parts of an address that may be visited.

    Raises:
        FetchError: it is no http(s) address with a host, or names a user.
    """
    try:
        parts = urlsplit(address.strip())
        port = parts.port
    except ValueError:
        raise FetchError("address", address=shown(address)) from None
    if parts.scheme not in _SCHEMES:
        raise FetchError("scheme", address=shown(address))
    if "@" in parts.netloc:
        raise FetchError("credentials", address=shown(address))
    if not parts.hostname or port == 0 or any(sign in address for sign in "\\\r\n\t\0"):
        raise FetchError("address", address=shown(address))
    return parts
