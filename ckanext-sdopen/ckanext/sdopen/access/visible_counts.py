"""Counts and values from the index, of the entries that the caller reads."""

from collections.abc import Mapping
from typing import Any

from ckan.types import Context

from ckanext.sdopen.access import audience
from ckanext.sdopen.ckan_seams.repairs.solr_connection import connect

# the fields that are counted; a name from outside never reaches Solr
TAGS, FORMATS, TOPICS, DEPARTMENTS = ("tags", "res_format", "groups", "owner_org")
_ALL = -1


def counted(
    context: Context | Mapping[str, Any], field: str, contains: str = "", limit: int = _ALL
) -> dict[str, int]:
    """{value of a field: how many entries that the caller reads have it}, the commonest first."""
    asked: dict[str, Any] = {
        "facet": "true",
        "facet.field": field,
        "facet.mincount": 1,
        "facet.limit": limit,
        "facet.sort": "count",
    }
    if contains:
        asked |= {"facet.contains": contains, "facet.contains.ignoreCase": "true"}
    own = audience.of_caller(context)
    answer = connect(decode_dates=False).search("*:*", fq=own, rows=0, **asked)
    pairs = answer.facets.get("facet_fields", {}).get(field, [])
    return dict(zip(pairs[::2], pairs[1::2], strict=True))
