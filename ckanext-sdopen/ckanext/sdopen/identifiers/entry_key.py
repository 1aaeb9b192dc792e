"""What an entry is known by, and the ids and names that follow: one derivation for every way in."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from ckanext.sdopen.identifiers import ids, service_key

Entry = Mapping[str, Any]
# what an entry is known by, the winning one first
KEYS = ("resource_code", "service_code", "source_key", "service_path")


@dataclass(frozen=True, slots=True)
class Identity:
    """The id of an entry and the name that makes its address."""

    id: str
    name: str


def text(entry: Entry, name: str) -> str:
    """The value of an element as text, empty where there is none."""
    value = entry.get(name)
    return "" if value is None else str(value)


def is_known_by_service(kind: str, entry: Entry) -> bool:
    """Whether service code, or method and address, identify an entry: an interface without code."""
    if kind != ids.INTERFACE or text(entry, "resource_code"):
        return False
    is_harvested = text(entry, "source_id") and text(entry, "source_key")
    return bool(text(entry, "service_code")) or not is_harvested


def identities(
    kind: str, region: str, entry: Entry, providers: Iterable[str] = ()
) -> list[Identity]:
    """Who an entry may be, first who it is if it is new; empty where nothing identifies it.

    What comes first wins: 信息资源代码, an interface's service code, the source's own key, an
    interface's method and address.

    Args:
        kind: `catalog` or `interface`.
        region: the region of its provider, six digits.
        entry: its elements; others are not looked at.
        providers: what identifies the provider of an interface: its 统一社会信用代码, and the id
            of its department, for it may have registered the code after its first interface.

    Raises:
        ValueError: no address can be made of the code.
    """
    code = text(entry, "resource_code")
    source, key = text(entry, "source_id"), text(entry, "source_key")
    if code:
        name = ids.entry_name(kind, region, code)
        return [Identity(ids.entry_id(kind, region, code), name)]
    if is_known_by_service(kind, entry):
        called = [text(entry, name) for name in ("service_code", "http_method", "service_path")]
        found = (service_key.entry_id(provider, *called) for provider in providers if provider)
        possible = dict.fromkeys(one for one in found if one)
        return [Identity(one, ids.service_name(region, one)) for one in possible]
    if source and key:
        name = ids.entry_name_from_source(kind, region, source, key)
        return [Identity(ids.entry_id_from_source(kind, source, key), name)]
    return []
