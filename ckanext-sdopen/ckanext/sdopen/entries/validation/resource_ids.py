"""Ids of an entry's resources: by the source's key, else by address; stable over every push."""

from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import urlparse

import ckan.plugins.toolkit as tk

from ckanext.sdopen.entries.files.owners import owners_of
from ckanext.sdopen.identifiers import ids
from ckanext.sdopen.standard import addresses

Resource = Mapping[str, Any]

# what CKAN stores itself has a file name where others have an address
_OWN_TYPES = ("upload", "datastore")
# of the column `size`, a bigint
_SIZES = 2**63


def key_of(resource: Resource) -> str:
    """The key that tells a resource of an entry from the others; empty where it has none."""
    if resource.get("source_key"):
        return str(resource["source_key"]).strip()
    if resource.get("url_type") in _OWN_TYPES or resource.get("upload"):
        return ""
    url = resource.get("url")
    return addresses.normal(str(url)) if url and url is not tk.missing else ""


def _name(resource: Resource, position: int) -> str:
    return str(resource.get("name") or resource.get("url") or position + 1)


def refuse_odd(resources: Iterable[Resource]) -> None:
    """Raise ValidationError where CKAN could neither look for a resource nor store or read it."""
    problems = [_odd(resource) for resource in resources]
    if any(problems):
        raise tk.ValidationError({"resources": problems})


def _odd(resource: Resource) -> dict[str, list[str]]:
    if isinstance(resource.get("id"), list | dict):
        return {"id": [tk._("The id of a resource is a text")]}
    if _is_beyond(resource.get("size")):
        message = tk._("The size is beyond all that can be stored; correct it or leave it out")
        return {"size": [message]}
    url = resource.get("url")
    try:
        urlparse(url if isinstance(url, str) else "")
    except ValueError:
        message = tk._('The address "{url}" cannot be read; correct it')
        return {"url": [message.format(url=url)]}
    return {}


def _is_beyond(size: Any) -> bool:
    try:
        number = tk.get_validator("int_validator")(size, {})
    except tk.Invalid:
        # said where sizes are read
        return False
    return number is not None and not -_SIZES <= number < _SIZES


def refuse_doubles(resources: Iterable[Resource]) -> None:
    """Raise ValidationError where two resources of an entry have one key or id, naming both."""
    seen: dict[tuple[str, str], str] = {}
    problems: list[dict[str, list[str]]] = []
    for position, resource in enumerate(resources):
        keys = [("url", key_of(resource)), ("id", str(resource.get("id") or ""))]
        keys = [key for key in keys if key[1]]
        double = next((key for key in keys if key in seen), None)
        if double:
            message = tk._('"{first}" and "{second}" are the same resource ({key}); remove one')
            names = {"first": seen[double], "second": _name(resource, position)}
            problems.append({double[0]: [message.format(key=double[1], **names)]})
            continue
        problems.append({})
        seen.update(dict.fromkeys(keys, _name(resource, position)))
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
        found = by_key.get(key) or ids.resource_id(entry_id, key)
        if found in taken:
            # its id stayed with a resource that has another address now
            result.append({name: v for name, v in resource.items() if name != "id"})
        else:
            taken.add(found)
            result.append({**resource, "id": found})
    return result


def refuse_others(entry_id: str, resources: Iterable[Resource], stored: Iterable[Resource]) -> None:
    """Raise ValidationError for the id of a resource of another entry; one query at most.

    What stands under that id, files and tables, would be this entry's; CKAN gives away what was
    removed.
    """
    own = {str(resource["id"]) for resource in stored}
    sent = [str(resource.get("id") or "") for resource in resources]
    owners = owners_of(one for one in sent if one and one not in own)
    message = tk._("Another entry has or had this resource; leave the id out")
    problems = [{"id": [message]} if owners.get(one, entry_id) != entry_id else {} for one in sent]
    if any(problems):
        raise tk.ValidationError({"resources": problems})
