"""CKAN's actions on one entry: absent, unreadable and withdrawn ones get the same answer."""

from typing import Any

import ckan.plugins.toolkit as tk
from ckan.types import Context

from ckanext.sdopen.catalog import existence, visibility
from ckanext.sdopen.catalog.existence import ENTRY, RESOURCE, TABLE, VIEW
from ckanext.sdopen.catalog.optional import of_plugin


def _guarded(
    kind: str,
    *names: str,
    part: str = visibility.ENTRY,
    reads: bool = False,
    plugin: str = "",
) -> Any:
    """An action chained to CKAN's, before which the entry that it is about must be readable."""

    @tk.chained_action
    def action(next_action: Any, context: Context, data_dict: dict[str, Any]) -> Any:
        """Answer as for an absent entry where the caller may not read this one."""
        existence.require(context, kind, data_dict, *names, part=part)
        return next_action(context, data_dict)

    if reads:
        action = tk.side_effect_free(action)
    return of_plugin(plugin)(action) if plugin else action


dataset_follower_count = _guarded(ENTRY, "id", reads=True)
dataset_follower_list = _guarded(ENTRY, "id", reads=True)
am_following_dataset = _guarded(ENTRY, "id", reads=True)
package_collaborator_list = _guarded(ENTRY, "id", reads=True)
package_show = _guarded(ENTRY, "id", "name_or_id", reads=True)
resource_show = _guarded(RESOURCE, "id", reads=True)
resource_view_show = _guarded(VIEW, "id", part=visibility.FILE, reads=True)
task_status_show = _guarded(existence.ANY, "entity_id", reads=True)

datastore_info = _guarded(
    TABLE, "resource_id", "id", part=visibility.TABLE, reads=True, plugin="datastore"
)
datastore_search = _guarded(
    TABLE, "resource_id", "id", part=visibility.TABLE, reads=True, plugin="datastore"
)
datastore_delete = _guarded(TABLE, "resource_id", "id", plugin="datastore")
datastore_records_delete = _guarded(TABLE, "resource_id", "id", plugin="datastore")

follow_dataset = _guarded(ENTRY, "id")
unfollow_dataset = _guarded(ENTRY, "id")
package_collaborator_create = _guarded(ENTRY, "id")
package_collaborator_delete = _guarded(ENTRY, "id")
package_patch = _guarded(ENTRY, "id")
package_resource_reorder = _guarded(ENTRY, "id")
resource_create = _guarded(ENTRY, "package_id")
resource_delete = _guarded(RESOURCE, "id")
resource_patch = _guarded(RESOURCE, "id")
resource_update = _guarded(RESOURCE, "id")
resource_view_create = _guarded(RESOURCE, "resource_id")
resource_view_delete = _guarded(VIEW, "id")
resource_view_reorder = _guarded(RESOURCE, "id")
resource_view_update = _guarded(VIEW, "id")
