"""Groups shown without counts while Solr is away: CKAN 2.12 shows none of them then.

Unnecessary with a CKAN whose `get_group_dataset_counts` answers without Solr.
"""

from typing import Any

from ckan.lib.dictization import model_dictize

from ckanext.sdopen.ckan_seams.repairs.solr_connection import IndexAway

_counts = model_dictize.get_group_dataset_counts


def _counts_if_there(*args: Any, **more: Any) -> dict[str, Any]:
    try:
        return _counts(*args, **more)
    except IndexAway:
        # who counts for a caller asks elsewhere, see `departments.listing.counts`
        return {"owner_org": {}, "groups": {}}


def install() -> None:
    """Let CKAN show groups so from now on."""
    model_dictize.get_group_dataset_counts = _counts_if_there
