"""The addresses of entries, departments, topics and regions: stable, and led to by a browser."""

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

import ckan.plugins.toolkit as tk
from rdflib import URIRef

# what RFC 3987 forbids in an address, and what the serializers of rdflib do not escape
_ILLEGAL = re.compile(r'[\x00-\x20\x7f<>"{}|\\^`]')
_SCHEME = re.compile(r"(?i)^(https?|ftp)://[^/\s]")


def portal() -> str:
    """The address of the portal itself, without a stroke at its end."""
    root = str(tk.config.get("ckan.root_path") or "").replace("/{{LANG}}", "").rstrip("/")
    return str(tk.config["ckan.site_url"]).rstrip("/") + root


def under(*parts: str) -> URIRef:
    """The address of something under the portal."""
    return URIRef("/".join([portal(), *(quote(part, safe="") for part in parts)]))


def entry(shown: Mapping[str, Any]) -> URIRef:
    """What names an entry for ever: its id, which never changes."""
    return under("dataset", str(shown["id"]))


def page(shown: Mapping[str, Any]) -> URIRef:
    """The page of an entry."""
    return under(str(shown.get("type") or "dataset"), str(shown["name"]))


def resource(shown: Mapping[str, Any], resource_id: str) -> URIRef:
    """What names a file of an entry."""
    return under("dataset", str(shown["id"]), "resource", resource_id)


def department(identity: str) -> URIRef:
    """What names a department."""
    return under("organization", identity)


def topic(code: str) -> URIRef:
    """What names a topic: its page."""
    return under("topic", code)


def region(code: str) -> URIRef:
    """What names a region: its place in the scheme of regions."""
    return URIRef(f"{portal()}/region-scheme#{code}")


def scheme(kind: str) -> URIRef:
    """What names the scheme of topics or of regions."""
    return URIRef(f"{portal()}/{kind}-scheme")


def foreign(text: Any) -> URIRef | None:
    """An address from an entry's own data, made legal; None where it is no web address."""
    address = str(text or "").strip()
    if not _SCHEME.match(address):
        return None
    return URIRef(_ILLEGAL.sub(lambda found: quote(found[0]), address))


def mail(address: str) -> URIRef:
    """The address of a mailbox."""
    return URIRef("mailto:" + quote(address, safe="@+-._"))


def served(path: Any) -> URIRef | None:
    """The address of a service: a whole one, or a path under the portal."""
    text = str(path or "").strip()
    if text.startswith("/") and not text.startswith("//"):
        return foreign(portal() + text)
    return foreign(text)
