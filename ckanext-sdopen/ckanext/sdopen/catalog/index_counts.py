"""Counts and values from the index, of the entries that the caller reads."""

from collections.abc import Mapping
from typing import Any

import ckan.plugins.toolkit as tk
from ckan.lib.search.common import make_connection
from ckan.types import Context

from ckanext.sdopen.catalog import labels, readers

# the fields that are counted; a name from outside never reaches Solr
TAGS, FORMATS, TOPICS, DEPARTMENTS = ("tags", "res_format", "groups", "owner_org")
_ALL = -1


def filters(context: Context | Mapping[str, Any]) -> list[str]:
    """The filters that leave the published entries which the caller reads."""
    found = [f'+site_id:"{tk.config["ckan.site_id"]}"', "+entity_type:package", "+state:active"]
    if not readers.is_trusted(context):
        own = labels.user_labels(readers.user_of(context))
        quoted = " OR ".join('"{}"'.format(label.replace('"', "")) for label in sorted(own))
        found.append(f"+permission_labels:({quoted})")
    return found


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
    answer = make_connection(decode_dates=False).search("*:*", fq=filters(context), rows=0, **asked)
    pairs = answer.facets.get("facet_fields", {}).get(field, [])
    return dict(zip(pairs[::2], pairs[1::2], strict=True))
