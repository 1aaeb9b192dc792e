"""CKAN's actions on one entry: absent, unreadable and withdrawn ones get the same answer."""

from typing import Any

import ckan.plugins.toolkit as tk
from ckan.types import Context
from sqlalchemy import Row

from ckanext.sdopen.access import readable, visibility
from ckanext.sdopen.access.readable import ENTRY, RESOURCE, TABLE, VIEW
from ckanext.sdopen.optional_plugins import of_plugin

__all__ = [
    "am_following_dataset",
    "dataset_follower_count",
    "dataset_follower_list",
    "datastore_info",
    "follow_dataset",
    "package_collaborator_create",
    "package_collaborator_delete",
    "package_collaborator_list",
    "package_patch",
    "package_resource_reorder",
    "package_show",
    "resource_create",
    "resource_delete",
    "resource_patch",
    "resource_show",
    "resource_update",
    "resource_view_create",
    "resource_view_delete",
    "resource_view_reorder",
    "resource_view_show",
    "resource_view_update",
    "task_status_show",
    "unfollow_dataset",
]


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
        readable.require(context, kind, data_dict, *names, part=part)
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
task_status_show = _guarded(readable.ANY, "entity_id", reads=True)

datastore_info = _guarded(
    TABLE, "resource_id", "id", part=visibility.TABLE, reads=True, plugin="datastore"
)


@tk.chained_action
def package_patch(next_action: Any, context: Context, data_dict: dict[str, Any]) -> Any:
    """Change some elements of an entry that the caller may read."""
    reference = data_dict.get("id")
    if isinstance(reference, Row):
        # CKAN 2.12 hands over what its query gave (bulk_update_*)
        data_dict = {**data_dict, "id": reference[0]}
    readable.require(context, ENTRY, data_dict, "id")
    return next_action(context, data_dict)


@tk.chained_action
def resource_delete(next_action: Any, context: Context, data_dict: dict[str, Any]) -> Any:
    """Delete a resource; what keeps the entry from being saved is said."""
    readable.require(context, RESOURCE, data_dict, "id")
    try:
        return next_action(context, data_dict)
    except KeyError as error:
        # CKAN 2.12 looks for the errors of resources in a refusal that has none
        if isinstance(error.__context__, tk.ValidationError):
            raise error.__context__ from None
        raise


follow_dataset = _guarded(ENTRY, "id")
unfollow_dataset = _guarded(ENTRY, "id")
package_collaborator_create = _guarded(ENTRY, "id")
package_collaborator_delete = _guarded(ENTRY, "id")
package_resource_reorder = _guarded(ENTRY, "id")
resource_create = _guarded(ENTRY, "package_id")
resource_patch = _guarded(RESOURCE, "id")
resource_update = _guarded(RESOURCE, "id")
resource_view_create = _guarded(RESOURCE, "resource_id")
resource_view_delete = _guarded(VIEW, "id")
resource_view_reorder = _guarded(RESOURCE, "id")
resource_view_update = _guarded(VIEW, "id")
