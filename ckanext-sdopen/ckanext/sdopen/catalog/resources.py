"""Ids of an entry's resources: by the source's key, else by address; stable over every push."""

from collections.abc import Iterable, Mapping
from typing import Any

import ckan.plugins.toolkit as tk

from ckanext.sdopen.catalog import identifier

Resource = Mapping[str, Any]

# what CKAN stores itself has a file name where others have an address
_OWN_TYPES = ("upload", "datastore")


def key_of(resource: Resource) -> str:
    """The key that tells a resource of an entry from the others; empty where it has none."""
    if resource.get("source_key"):
        return str(resource["source_key"]).strip()
    if resource.get("url_type") in _OWN_TYPES or resource.get("upload"):
        return ""
    url = resource.get("url")
    return str(url).strip() if url and url is not tk.missing else ""


def _name(resource: Resource, position: int) -> str:
    return str(resource.get("name") or resource.get("url") or position + 1)


def refuse_doubles(resources: Iterable[Resource]) -> None:
    """Raise ValidationError where two resources of an entry have one key, naming both."""
    seen: dict[str, str] = {}
    problems: list[dict[str, list[str]]] = []
    for position, resource in enumerate(resources):
        key = key_of(resource)
        if key and key in seen:
            message = tk._('"{first}" and "{second}" are the same resource ({key}); remove one')
            names = {"first": seen[key], "second": _name(resource, position)}
            problems.append({"url": [message.format(key=key, **names)]})
            continue
        problems.append({})
        if key:
            seen[key] = _name(resource, position)
    if any(problems):
        raise tk.ValidationError({"resources": problems})


def identified(
    entry_id: str, resources: list[dict[str, Any]], stored: Iterable[Resource]
) -> list[dict[str, Any]]:
    """The resources with ids: their own where the entry has them, else the stored one of the key.

    A new resource gets the id that its key makes; one without a key gets CKAN's own.
    """
    kept = {str(resource["id"]) for resource in stored}
    by_key = {key_of(resource): str(resource["id"]) for resource in stored if key_of(resource)}
    taken = {str(r["id"]) for r in resources if r.get("id") in kept}
    result = []
    for resource in resources:
        key = key_of(resource)
        if resource.get("id") in kept or not key:
            result.append(resource)
            continue
        found = by_key.get(key) or identifier.resource_id(entry_id, key)
        if found in taken:
            # its id stayed with a resource that has another address now
            result.append({name: v for name, v in resource.items() if name != "id"})
        else:
            taken.add(found)
            result.append({**resource, "id": found})
    return result
