"""Addresses of files: one http(s) or ftp(s) address each, without a user's name in it."""

import re
import unicodedata
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote, urlsplit

# an index of CKAN's table holds each address, and takes 2,704 bytes at most
LONGEST_BYTES = 2500
# what people write where there is no file
_PLACEHOLDERS = frozenset(
    ("无", "暂无", "没有", "空", "none", "null", "nil", "n/a", "na", "不详", "待定", "tbd")
)
_DASHES = re.compile(r"[\W_]*")
_SCHEME = re.compile(r"(?i)^(?:https?|ftps?)://")
# a further address begins after a blank or a separator, not inside a query
_NEXT = re.compile(r"(?i)[\s;；,，、|]+(?=(?:https?|ftps?)://)")
_ENDS = " \t\r\n;；,，、|"
# what RFC 3987 forbids in an address
_ILLEGAL = re.compile(r'[\x00-\x20\x7f<>"{}|\\^`\u3000]')
_HOST = re.compile(r"(?i)^(?:[\w-]+\.)+[\w-]+\.?$|^localhost$|^[0-9a-f:.]*:[0-9a-f:.]*$")


def parts(text: str) -> list[str]:
    """The addresses that a text holds, in their order; the text itself where it holds one."""
    return [part.strip(_ENDS) for part in _NEXT.split(text.strip(_ENDS))]


def is_placeholder(text: str) -> bool:
    """Whether a text says that there is no file: 无, 暂无, a dash, a stroke."""
    plain = unicodedata.normalize("NFKC", text).strip().lower()
    return plain in _PLACEHOLDERS or _DASHES.fullmatch(plain) is not None


def problem(text: str) -> str:
    """The code of the finding that keeps a text from being an address; empty where nothing does."""
    if is_placeholder(text):
        return "address_none"
    if len(parts(text)) > 1:
        return "address_several"
    address = normal(text)
    if not _SCHEME.match(address):
        return "address_scheme"
    if len(address.encode("utf-8", "replace")) > LONGEST_BYTES:
        return "address_long"
    try:
        split = urlsplit(address)
        host, port = split.hostname or "", split.port
    except ValueError:
        return "address_host"
    del port
    if "@" in split.netloc:
        return "address_user"
    if host and is_placeholder(host):
        return "address_none"
    return "" if _HOST.match(host) else "address_host"


def normal(text: str) -> str:
    """An address as it is kept: without outer blanks, with blanks and the like inside escaped."""
    stripped = text.strip()
    if not _SCHEME.match(stripped):
        return stripped
    return _ILLEGAL.sub(lambda found: quote(found[0]), stripped)


def is_of_portal(resource: Mapping[str, Any]) -> bool:
    """Whether the portal itself gives what a stored resource stands for: a file or a table."""
    return resource.get("url_type") in ("upload", "datastore")


def link_of(resource: Mapping[str, Any]) -> str:
    """The address under which a resource is got, as CKAN shows it; empty where that is none."""
    url = str(resource.get("url") or "").strip()
    return url if is_of_portal(resource) or is_address(url) else ""


def shown(url: str) -> str:
    """A stored address as CKAN shows it: what has no scheme gets one."""
    return url if re.match(r"(?i)[a-z][a-z0-9+.-]*:", url) else f"http://{url.lstrip('/')}"


def is_address(value: Any) -> bool:
    """Whether a stored value may be given as a link."""
    return isinstance(value, str) and bool(value.strip()) and not problem(value)
