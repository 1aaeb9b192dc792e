"""Actions on departments: the tree, and merging two of them."""

from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.types import ActionResult, Context

from ckanext.sdopen import codes, notices
from ckanext.sdopen.access import creators
from ckanext.sdopen.access.authority import governing, organization_named, the_user_id
from ckanext.sdopen.departments import merge, tree, validators
from ckanext.sdopen.entries import gate, gated

__all__ = [
    "organization_create",
    "organization_update",
    "sdopen_department_list",
    "sdopen_department_merge",
]


def _counted(context: Context) -> tuple[dict[str, int], dict[str, int]]:
    """({department: entries}, {region: entries}) that the caller may read; one search."""
    asked = {
        "rows": 0,
        "facet.field": ["organization", "region"],
        "facet.limit": -1,
        "include_private": True,
    }
    caller = {key: context[key] for key in ("user", "auth_user_obj") if key in context}
    facets = tk.get_action("package_search")({**caller}, asked)["facets"]
    return facets.get("organization", {}), facets.get("region", {})


def _region(data_dict: dict[str, Any]) -> str:
    code = str(data_dict.get("region") or tk.config["ckanext.sdopen.portal.region"])
    if code not in codes.regions():
        message = tk._('"{region}" is no region').format(region=code)
        raise tk.ValidationError({"region": [message]})
    return code


@tk.side_effect_free
def sdopen_department_list(context: Context, data_dict: dict[str, Any]) -> dict[str, Any]:
    """List the departments of a region, and the regions in it, or those that a text finds.

    Args:
        data_dict: `region`, six digits, the portal's own without one; or `q`, a part of a name,
            a former name or an address.

    Returns:
        `{"region": {"code", "label", "level", "kind", …} or null, "path": the same of the region
        and those above, from the top, "departments": [{"id", "name", "title", "region", "level",
        "kind", "is_authority", "former_names", "entries"}], "regions": [{…, "departments",
        "entries"}], "elsewhere": […]}`. `entries` counts the published entries that the caller
        may read, a region's with those of the regions in it; `elsewhere` are regions outside the
        portal's own. A text finds the first 200.

    Raises:
        ValidationError: there is no such region.

    `curl $PORTAL/api/3/action/sdopen_department_list?region=370600`
    """
    tk.check_access("sdopen_department_list", context, data_dict)
    by_department, by_region = _counted(context)
    wanted = str(data_dict.get("q") or "").strip()
    if wanted:
        departments = tree.search(wanted, by_department)
        return {
            "region": None,
            "path": [],
            "departments": departments,
            "regions": [],
            "elsewhere": [],
        }
    code = _region(data_dict)
    totals = tree.departments_by_region()
    path = [tree.node(one, totals, by_region) for one in reversed(codes.path(code))]
    is_home = code == tk.config["ckanext.sdopen.portal.region"]
    return {
        "region": path[-1],
        "path": path,
        "departments": tree.in_region(code, by_department),
        "regions": tree.regions_in(code, totals, by_region),
        "elsewhere": tree.regions_in(None, totals, by_region) if is_home else [],
    }


def _both(data_dict: dict[str, Any]) -> tuple[model.Group, model.Group]:
    old, new = (_named(data_dict, name) for name in ("from", "into"))
    if old.id == new.id:
        message = tk._("Name two departments; one cannot be merged into itself")
        raise tk.ValidationError({"into": [message]})
    if old.extras.get("is_authority") == "true":
        message = tk._("{title} is the data authority of its region; mark another one first")
        raise tk.ValidationError({"from": [message.format(title=old.title)]})
    return old, new


def _named(data_dict: dict[str, Any], name: str) -> model.Group:
    try:
        return organization_named(str(data_dict.get(name) or ""))
    except tk.ValidationError as error:
        raise tk.ValidationError({name: error.error_dict["owner_org"]}) from None


def sdopen_department_merge(context: Context, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Merge a department into another (机构改革); its address leads to the other from then on.

    Args:
        data_dict: `from` and `into`, names or ids of departments; `members`, whether the users
            of the first join the second (false).

    Returns:
        `{"entries": how many moved, "members": how many joined, "into": name}`. Codes, ids and
        names of the entries stay; their provider and its 统一社会信用代码 are the other's. The
        other one is found by the first one's names, and takes codes under its prefixes.

    Raises:
        ValidationError: one is missing, or ended already; both are one; the first is a data
            authority.
        NotAuthorized: the caller does not act for the data authority above both.

    `curl -H "Authorization: $TOKEN" $PORTAL/api/3/action/sdopen_department_merge
    --json '{"from": "d-370000-a", "into": "d-370000-b", "members": true}'`
    """
    tk.check_access("sdopen_department_merge", context, data_dict)
    ids = sorted(group.id for group in _both(data_dict))
    # one merge at a time for each of the two, and both read as they are under the lock
    locked = model.Session.query(model.Group).filter(model.Group.id.in_(ids))
    locked.order_by(model.Group.id).populate_existing().with_for_update().all()
    old, new = _both(data_dict)
    gated.require_all(context, merge.entries_of(old), gate.MOVE, owner_org=new.id)
    name = new.name
    with_users = tk.asbool(data_dict.get("members", False))
    entries, members = merge.merged(old, new, with_users, the_user_id(context) or "")
    return {"entries": entries, "members": members, "into": name}


def _under_its_authority(data_dict: dict[str, Any], organization_id: str | None) -> dict[str, Any]:
    """The department's data with its governing organization as parent, whatever a client sent.

    CKAN lets an administrator of a parent act in its children (roles_that_cascade_to_sub_groups).
    """
    parent = governing(str(data_dict.get("region") or ""), organization_id)
    if parent is None:
        return {key: value for key, value in data_dict.items() if key != "groups"}
    # an id does where CKAN asks for a name
    return {**data_dict, "groups": [{"name": parent, "capacity": "public"}]}


def _mark(context: Context, name: str, value: Any) -> None:
    """Leave a note for those who act when the change is saved."""
    context.update({name: value})  # type: ignore[typeddict-item]


@tk.chained_action
def organization_create(
    next_action: Any, context: Context, data_dict: dict[str, Any]
) -> ActionResult.OrganizationCreate:
    """Create a department under the data authority of its region."""
    # a context used before still holds the department made then
    context.pop("group", None)
    _mark(context, "sdopen_authority_of", validators.regions_governed_anew(data_dict, None))
    governed = _under_its_authority(data_dict, data_dict.get("id"))
    parents = governed.pop("groups", [])
    with creators.spared(context, str(data_dict.get("region") or "")):
        created = next_action(context, governed)
    notices.show("catalog")
    # CKAN 2.12 takes a parent or an id at creation, not both (no_loops_in_hierarchy)
    for parent in parents:
        member = {"id": context["id"], "object": parent["name"], "object_type": "group"}
        as_site = {"user": context["user"], "ignore_auth": True}
        tk.get_action("member_create")(as_site, {**member, "capacity": "public"})
    return created


@tk.chained_action
def organization_update(
    next_action: Any, context: Context, data_dict: dict[str, Any]
) -> ActionResult.OrganizationUpdate:
    """Update a department; it stays under its data authority, a name that it loses is kept."""
    organization = model.Group.get(data_dict.get("id"))
    if organization is None:
        return next_action(context, data_dict)
    if not organization.is_organization:
        tk.check_access("organization_update", context, data_dict)
        return tk.get_action("group_update")(context, data_dict)
    region = data_dict.get("region") or organization.extras.get("region", "")
    title = validators.one_line(str(data_dict.get("title") or ""))
    names = validators.names_after(data_dict.get("former_names"), organization, title)
    data_dict = {**data_dict, "region": region, "former_names": names}
    # whoever holds these elsewhere learns of it when all is saved (departments.signals)
    shown_elsewhere = [name for name in ("name", "description", "image_url") if name in data_dict]
    renamed = bool(title) and title != organization.title
    renamed |= any(
        (data_dict[n] or "") != (getattr(organization, n) or "") for n in shown_elsewhere
    )
    _mark(context, "sdopen_renamed", renamed)
    _mark(context, "sdopen_authority_of", validators.regions_governed_anew(data_dict, organization))
    updated = next_action(context, _under_its_authority(data_dict, organization.id))
    notices.show("catalog")
    return updated
