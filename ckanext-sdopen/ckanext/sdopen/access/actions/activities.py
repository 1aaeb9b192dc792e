"""Activities of entries: for those who read the entry, without what only its editors see."""

from typing import Any

import ckan.plugins.toolkit as tk
from ckan import authz, model
from ckan.types import Context

from ckanext.sdopen.access import activities, caller, entry_facts, labels, readable
from ckanext.sdopen.ckan_seams import activity_rows
from ckanext.sdopen.optional_plugins import of_plugin

__all__ = [
    "activity_create",
    "activity_data_show",
    "activity_diff",
    "activity_show",
    "dashboard_activity_list",
    "group_activity_list",
    "organization_activity_list",
    "package_activity_list",
    "recently_changed_packages_activity_list",
    "user_activity_list",
]


def _listing(about_entry: bool) -> Any:
    @of_plugin("activity")
    @tk.chained_action
    @tk.side_effect_free
    def action(next_action: Any, context: Context, data_dict: dict[str, Any]) -> Any:
        """List activities, of entries as the caller reads them."""
        if about_entry:
            readable.require(context, readable.ENTRY, data_dict, "id")
        return activities.readable_activities(context, next_action(context, data_dict))

    return action


package_activity_list = _listing(True)
dashboard_activity_list = _listing(False)
group_activity_list = _listing(False)
organization_activity_list = _listing(False)
recently_changed_packages_activity_list = _listing(False)
user_activity_list = _listing(False)


def _object(context: Context, data_dict: dict[str, Any]) -> model.Package | None:
    """The entry that an activity is about, if the caller reads it; none for other activities."""
    if context.get("ignore_auth"):
        return None
    reference = str(tk.get_or_bust(data_dict, "id"))
    activity = activity_rows.activity_by_id(reference)
    if activity is None:
        raise readable.not_found()
    entry = model.Package.get(activity.object_id)
    if entry is None and "package" not in str(activity.activity_type):
        return None
    if entry is None or not caller.sees(context, entry):
        raise readable.not_found()
    return entry


@of_plugin("activity")
@tk.chained_action
@tk.side_effect_free
def activity_show(next_action: Any, context: Context, data_dict: dict[str, Any]) -> Any:
    """Show an activity; what stood in the entry then is for those who may change it."""
    entry = _object(context, data_dict)
    # CKAN 2.12 fails with a KeyError where it is not given
    whole = tk.asbool(data_dict.get("include_data", False))
    shown = next_action(context, {**data_dict, "include_data": whole})
    may_edit = entry is None or authz.is_authorized_boolean(
        "package_update", Context({**context}), {"id": entry.id}
    )
    if whole and may_edit:
        return shown
    readable_ones = activities.readable_activities(context, [shown])
    if not readable_ones:
        raise readable.not_found()
    return readable_ones[0]


@of_plugin("activity")
@tk.chained_action
@tk.side_effect_free
def activity_data_show(next_action: Any, context: Context, data_dict: dict[str, Any]) -> Any:
    """Show what stood in the entry then, to those who may change it."""
    _object(context, data_dict)
    return next_action(context, data_dict)


@of_plugin("activity")
@tk.chained_action
@tk.side_effect_free
def activity_diff(next_action: Any, context: Context, data_dict: dict[str, Any]) -> Any:
    """Compare two versions of an entry, for those who may change it."""
    _object(context, data_dict)
    return next_action(context, data_dict)


@of_plugin("activity")
@tk.chained_action
def activity_create(next_action: Any, context: Context, data_dict: dict[str, Any]) -> Any:
    """Record an activity; one about an entry has the entry's labels, whatever its kind."""
    entry = model.Package.get(str(data_dict.get("object_id") or ""))
    if entry is not None and entry_facts.is_entry(entry):
        data_dict = {**data_dict, "permission_labels": labels.entry_labels(entry)}
    return next_action(context, data_dict)
