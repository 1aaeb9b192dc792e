"""How many rows answer a question; a version never changes, so each is counted once a process."""

import json
from collections.abc import Mapping
from threading import Lock
from typing import Any

from cachetools import LRUCache, cached

from ckanext.sdopen.table_publishing import reading
from ckanext.sdopen.tables import reader_client
from ckanext.sdopen.tables.versions import Version

_MOST = 10_000


def total(version: Version, narrowing: Mapping[str, Any]) -> int:
    """The number of rows that the conditions of a question leave, on all its pages.

    Raises:
        QueryError: the reader refuses it.
        TableReaderAway: it does not answer.
    """
    if not any(narrowing.values()):
        return version.rows
    return _counted(version, json.dumps({"ask": "count", **narrowing}, sort_keys=True))


def _key(version: Version, said: str) -> tuple[object, ...]:
    # words are looked for in the columns that are given
    return version.hash, said, tuple(column.name for column in version.columns)


@cached(LRUCache(_MOST), key=_key, lock=Lock())
def _counted(version: Version, said: str) -> int:
    return int(reader_client.query(reading.readable(version), json.loads(said))["rows"][0][0])
