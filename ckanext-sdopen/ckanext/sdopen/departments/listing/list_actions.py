"""Departments and topics listed and shown, with counts of the entries that the caller reads."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import ckan.plugins.toolkit as tk
from ckan.types import ActionResult, Context

from ckanext.sdopen.access import visible_counts
from ckanext.sdopen.departments.listing import counts, lists
from ckanext.sdopen.parameters import MOST, whole_number

__all__ = [
    "group_list",
    "group_list_authz",
    "group_show",
    "organization_list",
    "organization_list_for_user",
    "organization_show",
]

# where CKAN's lists keep the counts of all groups while they show each
_COUNTED = "dataset_counts"
_NESTED = ("groups", "organizations", "children")


def _groups(shown: Any) -> Iterator[dict[str, Any]]:
    """A shown group or list of them, with the groups within."""
    for group in shown if isinstance(shown, list) else [shown]:
        if isinstance(group, dict):
            yield group
            for name in _NESTED:
                yield from _groups(group.get(name) or [])


def _recounted(context: Context, shown: Any) -> Any:
    """The same with the caller's counts; two requests at most, however many groups."""
    counted = [group for group in _groups(shown) if "package_count" in group]
    by_kind: dict[bool, Mapping[str, int]] = {}
    for group in counted:
        is_department = bool(group.get("is_organization"))
        if is_department not in by_kind:
            field = visible_counts.DEPARTMENTS if is_department else visible_counts.TOPICS
            by_kind[is_department] = counts.counted(context, field)
        key = group.get("id" if is_department else "name")
        group["package_count"] = by_kind[is_department].get(str(key), 0)
    return shown


def _counting() -> Any:
    @tk.chained_action
    @tk.side_effect_free
    def action(next_action: Any, context: Context, data_dict: dict[str, Any]) -> Any:
        """Show departments or topics with the counts of what the caller reads."""
        if _COUNTED in context:
            # one of a list, which is counted as a whole
            return next_action(context, data_dict)
        caller = Context({**context})
        return _recounted(caller, next_action(context, data_dict))

    return action


group_list_authz = _counting()
group_show = _counting()
_of_account = _counting()
organization_show = _counting()


@tk.chained_action
@tk.side_effect_free
def organization_list_for_user(
    next_action: Any, context: Context, data_dict: dict[str, Any]
) -> Any:
    """The departments of an account with the caller's counts."""
    # CKAN looks the account up first, which would tell whether there is one
    tk.check_access("organization_list_for_user", context, data_dict)
    return _of_account(next_action, context, data_dict)


def _sorts_by_count(data_dict: Mapping[str, Any]) -> bool:
    """Whether a list of groups is to be sorted by how many entries each has."""
    sort = str(data_dict.get("sort") or data_dict.get("order_by") or "")
    return sort.split(" ")[0] in ("packages", "package_count")


def _sorted_by_count(
    context: Context, names: Iterable[str], data_dict: Mapping[str, Any], departments: bool
) -> list[str]:
    """Names or ids of groups by the caller's counts, most first unless `asc` is asked for."""
    field = "organization" if departments else visible_counts.TOPICS
    found = counts.counted(context, field)
    sort = str(data_dict.get("sort") or data_dict.get("order_by") or "")
    sign = 1 if sort.endswith(" asc") else -1
    return sorted(names, key=lambda name: (sign * found.get(name, 0), name))


def _is_page(context: Context, data_dict: dict[str, Any]) -> bool:
    """Whether a page asks for its rows; a program gets CKAN's own answer."""
    return bool(context.get("for_view")) and tk.asbool(data_dict.get("all_fields", False))


def _page(data_dict: dict[str, Any], group_type: str) -> list[dict[str, Any]]:
    return lists.listed(
        str(data_dict.get("type") or group_type),
        str(data_dict.get("q") or ""),
        str(data_dict.get("sort") or ""),
        whole_number(data_dict, "limit", MOST),
        whole_number(data_dict, "offset", 0),
    )


def _program(
    next_action: Any, context: Context, data_dict: dict[str, Any], departments: bool
) -> list[Any]:
    """A list as CKAN answers a program, but by the caller's counts; of topics without a type."""
    caller = Context({**context})
    if not departments:
        # CKAN's own type `group`, of which there are none
        data_dict.setdefault("type", "topic")
    if not _sorts_by_count(data_dict):
        return list(_recounted(caller, next_action(context, data_dict)))
    paging = ("sort", "order_by", "limit", "offset", "all_fields")
    plain = {name: value for name, value in data_dict.items() if name not in paging}
    names = next_action(context, {**plain, "sort": "name asc"})
    ordered = _sorted_by_count(caller, names, data_dict, departments)
    start = whole_number(data_dict, "offset", 0)
    # 0 is no limit, as CKAN's own list has it
    page = ordered[start : start + (whole_number(data_dict, "limit", MOST) or MOST)]
    if not tk.asbool(data_dict.get("all_fields", False)) or not page:
        return page
    whole = next_action(Context({**caller}), {**plain, "groups": page, "all_fields": True})
    return sorted(_recounted(caller, whole), key=lambda group: page.index(group["name"]))


@tk.chained_action
@tk.side_effect_free
def organization_list(
    next_action: Any, context: Context, data_dict: dict[str, Any]
) -> ActionResult.OrganizationList:
    """List departments; for a page with one query instead of three a row."""
    if not _is_page(context, data_dict):
        return _program(next_action, context, data_dict, departments=True)
    tk.check_access("organization_list", context, data_dict)
    return _page(data_dict, "organization")


@tk.chained_action
@tk.side_effect_free
def group_list(
    next_action: Any, context: Context, data_dict: dict[str, Any]
) -> ActionResult.GroupList:
    """List topics; for a page with one query instead of three a row."""
    if not _is_page(context, data_dict):
        return _program(next_action, context, data_dict, departments=False)
    tk.check_access("group_list", context, data_dict)
    return _page(data_dict, "group")
