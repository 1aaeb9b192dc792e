"""Files of a row by sound addresses: others are left out and told, two in one make two files."""

from collections.abc import Iterable
from typing import Any

from ckanext.sdopen.standard import addresses

Resource = dict[str, str]
# (code of messages.yaml, its parameters)
Notice = tuple[str, dict[str, Any]]
_SHOWN_AT_MOST = 80


def sound(resources: Iterable[Resource], column: str) -> tuple[list[Resource], list[Notice]]:
    """The files with a sound address or none stated, and what was noticed in the column's cell."""
    kept: list[Resource] = []
    noticed: list[Notice] = []
    for resource in resources:
        url = resource.get("url", "")
        several = addresses.parts(url)
        if not url or not addresses.problem(url):
            kept.append(resource)
        elif len(several) > 1 and all(map(addresses.is_address, several)):
            kept += _one_each(resource, several)
            noticed.append(("addresses_split", {"column": column, "count": len(several)}))
        elif addresses.is_placeholder(url):
            noticed.append(("address_none", {"column": column, "value": url}))
        elif "@" in url:
            # what stands before the sign may be a secret
            noticed.append(("address_user", {"column": column}))
        else:
            noticed.append(("address_unfit", {"column": column, "value": url[:_SHOWN_AT_MOST]}))
    return kept, noticed


def _one_each(resource: Resource, several: list[str]) -> list[Resource]:
    """A file for each address; the first keeps name and key, the others bear a number."""
    found = [{**resource, "url": several[0]}]
    for number, url in enumerate(several[1:], 2):
        numbered = {
            "name": f"{resource['name']}（{number}）" if resource.get("name") else "",
            "source_key": f"{resource['source_key']}#{number}"
            if resource.get("source_key")
            else "",
        }
        found.append(
            {**resource, **{n: v for n, v in numbered.items() if n in resource}, "url": url}
        )
    return found
