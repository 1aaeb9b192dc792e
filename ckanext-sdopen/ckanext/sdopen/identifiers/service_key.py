"""The key of a 数据服务接口: its provider and service code, else its method and address."""

import posixpath
import re
import unicodedata
from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit

from ckanext.sdopen.identifiers import ids

_PORTS = {"http": 80, "https": 443}
_SLASHES = re.compile("/{2,}")


def normal_code(code: str) -> str:
    """A service code as it is compared: half-width, without outer blanks; case counts."""
    return unicodedata.normalize("NFKC", code).strip()


def _host(scheme: str, host: str | None, port: int | None) -> str:
    """`//host:port` in lower case, without a port that the scheme implies; empty for a path."""
    if not host:
        return ""
    shown = f"[{host}]" if ":" in host else host
    return f"//{shown.lower()}" + (f":{port}" if port and port != _PORTS.get(scheme) else "")


def canonical_address(address: str) -> str:
    """An address as it is compared: http and https alike, one writing for one path.

    Host in lower case, no default port, no dot segments, double or last slashes, no fragment;
    parameters by name. A text that is no address is compared as it is.

    >>> canonical_address("HTTPS://Data.example.CN:443/gateway//api/./1/Pharmacies/#top")
    '//data.example.cn/gateway/api/1/Pharmacies'
    """
    text = unicodedata.normalize("NFKC", address).strip()
    try:
        parts = urlsplit(text)
        host = _host(parts.scheme.lower(), parts.hostname, parts.port)
    except ValueError:
        return text
    path = _SLASHES.sub("/", quote(unquote(parts.path), safe="/:@!$&'()*+,;=~-._"))
    path = "" if path in ("", "/") else posixpath.normpath(path)
    query = urlencode(sorted(parse_qsl(parts.query, keep_blank_values=True)))
    return host + path + (f"?{query}" if query else "")


def entry_id(provider: str, service_code: str, method: str, address: str) -> str | None:
    """The id of a provider's interface by its service code, else by method and address.

    `provider` is the 统一社会信用代码, or the department's id where it has none.
    """
    if service_code:
        return ids.service_id(provider, normal_code(service_code))
    if address:
        called = f"{(method or 'GET').strip().upper()} {canonical_address(address)}"
        return ids.service_id(provider, called)
    return None
