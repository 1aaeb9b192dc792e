"""What an account follows, told without entries that the caller does not read."""

from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.types import Context

from ckanext.sdopen.access import caller, withholding

__all__ = ["dataset_followee_count", "dataset_followee_list", "followee_count", "followee_list"]


def _hidden(context: Context, data_dict: dict[str, Any]) -> int:
    """How many entries that the account follows the caller does not read."""
    user = model.User.get(str(data_dict.get("id") or ""))
    if user is None or caller.is_trusted(context):
        return 0
    followed = [one.object_id for one in model.UserFollowingDataset.followee_list(user.id)]
    query = model.Session.query(model.Package).filter(model.Package.id.in_(followed))
    return sum(not caller.sees(context, entry) for entry in (query if followed else ()))


@tk.chained_action
@tk.side_effect_free
def dataset_followee_count(next_action: Any, context: Context, data_dict: dict[str, Any]) -> Any:
    """How many entries an account follows, of those that the caller reads."""
    return _count(next_action, context, data_dict)


@tk.chained_action
@tk.side_effect_free
def followee_count(next_action: Any, context: Context, data_dict: dict[str, Any]) -> Any:
    """How much an account follows, of what the caller reads."""
    return _count(next_action, context, data_dict)


def _count(next_action: Any, context: Context, data_dict: dict[str, Any]) -> int:
    hidden = _hidden(context, data_dict)
    return max(next_action(context, data_dict) - hidden, 0)


@tk.chained_action
@tk.side_effect_free
def dataset_followee_list(next_action: Any, context: Context, data_dict: dict[str, Any]) -> Any:
    """The entries that an account follows, as the caller gets them."""
    reader = {name: context[name] for name in ("user", "auth_user_obj") if name in context}
    found = next_action(context, data_dict)
    withholding.strip(reader, found)
    return found


@tk.chained_action
@tk.side_effect_free
def followee_list(next_action: Any, context: Context, data_dict: dict[str, Any]) -> Any:
    """All that an account follows, as the caller gets it."""
    # CKAN looks the account up first, which would tell whether there is one
    tk.check_access("user_show", context, {"id": data_dict.get("id") or ""})
    # CKAN trusts this context from here on
    reader = {name: context[name] for name in ("user", "auth_user_obj") if name in context}
    found = next_action(context, data_dict)
    withholding.strip(reader, [one["dict"] for one in found if one["type"] == "dataset"])
    return found
