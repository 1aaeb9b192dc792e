"""Which way batches go: by the statements of this package, or by CKAN's actions."""

import logging
from collections.abc import Mapping
from functools import cache

from ckanext.sdopen.bulk.examining.compiled_schema import Shape, UnknownValidator, shape
from ckanext.sdopen.bulk.examining.records_of_type import kinds
from ckanext.sdopen.ckan_seams import guard, show
from ckanext.sdopen.ckan_seams.scheming import UnknownScheming

BULK, ACTIONS = "bulk", "actions"
_log = logging.getLogger(__name__)


@cache
def _said(why: str) -> str:
    """Say it once in each process, not with every batch."""
    _log.warning("%s: %s", why, guard.CONSEQUENCES[guard.BULK])
    return why


def _chosen() -> tuple[Mapping[str, Shape], str]:
    """({type: its compiled schema}, why there is none)."""
    others = guard.unknown(guard.BULK)
    if others:
        return {}, f"Not the known CKAN: {others}"
    try:
        compiled = {one: shape(one) for one in kinds()}
    except (UnknownValidator, UnknownScheming) as error:
        return {}, _said(f"The effect of a schema is not known ({error})")
    unknown = [one for one in kinds() if not show.Shows().compiles(one)]
    if unknown:
        return {}, _said(f"Only CKAN itself can show entries of the type {', '.join(unknown)}")
    return compiled, ""


def reason() -> str:
    """Why batches go by the actions, in English for whoever runs the portal; empty where not."""
    return _chosen()[1]


def shapes() -> Mapping[str, Shape]:
    """{type: its compiled schema}, interfaces last; empty where batches go by the actions.

    They do where CKAN, its tables, schemas or the way in which entries are shown are not the known
    ones; `reason` says which.
    """
    return _chosen()[0]
