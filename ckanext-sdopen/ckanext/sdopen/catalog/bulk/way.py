"""Which way batches go: by the statements of this package, or by CKAN's actions."""

import logging
from collections.abc import Mapping
from functools import cache

from ckanext.sdopen.catalog import shown
from ckanext.sdopen.catalog.bulk import tables
from ckanext.sdopen.catalog.bulk.shape import Shape, UnknownValidator, shape
from ckanext.sdopen.catalog.bulk.wave import kinds

BULK, ACTIONS = "bulk", "actions"
_log = logging.getLogger(__name__)


@cache
def _say(reason: str) -> None:
    """Say it once in each process, not with every batch."""
    _log.warning("%s: bulk writes go by the actions, some thirty entries a second", reason)


def shapes() -> Mapping[str, Shape]:
    """{type: its compiled schema}, interfaces last; empty where batches go by the actions.

    They do where tables, schemas or the way in which entries are shown are not the known ones.
    """
    if not tables.are_known():
        return {}
    try:
        compiled = {one: shape(one) for one in kinds()}
    except UnknownValidator as error:
        _say(f"The effect of a validator is not known ({error})")
        return {}
    unknown = [one for one in kinds() if not shown.Shows().compiles(one)]
    if unknown:
        _say(f"Only CKAN itself can show entries of the type {', '.join(unknown)}")
    return {} if unknown else compiled
