"""How many entries of each department or topic a caller reads: from the index, else from rows."""

from collections.abc import Mapping
from threading import Lock
from typing import Any

from cachetools import TTLCache, cached
from ckan.types import Context

from ckanext.sdopen.access import visible_counts
from ckanext.sdopen.ckan_seams.repairs.solr_connection import IndexAway
from ckanext.sdopen.directory import readable_rows

_KEPT_SECONDS = 30.0
_FIELDS = {visible_counts.TOPICS: "topics"}


@cached(TTLCache[Any, Mapping[str, int]](100, _KEPT_SECONDS), lock=Lock())
def _by_rows(held: tuple[str, ...] | None, field: str) -> Mapping[str, int]:
    return readable_rows.counted(held, field)


def counted(context: Context, field: str) -> Mapping[str, int]:
    """{department or topic: entries that the caller reads}, for a field of `visible_counts`."""
    try:
        return visible_counts.counted(context, field)
    except IndexAway:
        return _by_rows(readable_rows.held_by(context), _FIELDS.get(field, field))
