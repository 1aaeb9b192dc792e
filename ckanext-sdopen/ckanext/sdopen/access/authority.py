"""Data authorities (数据主管部门): which organization governs a region, who acts for it."""

from collections.abc import Callable, Collection, Mapping
from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.types import Context

from ckanext.sdopen import codes


def authorities() -> dict[str, str]:
    """{region: organization id} of the active organizations marked as data authority; one query."""
    rows = model.Session.query(model.Group.id, model.Group.extras["region"].astext).filter(
        model.Group.is_organization.is_(True),
        model.Group.state == model.State.ACTIVE,
        model.Group.extras["is_authority"].astext == "true",
    )
    return {region: group_id for group_id, region in rows if region}


def governing(region: str, organization_id: str | None = None) -> str | None:
    """The id of the organization that governs a region's departments.

    It is the authority of the region, else of the nearest region above, else of the portal's own
    region, to which departments from elsewhere are subject. An organization does not govern
    itself: for the authority of a region it is that of the region above.
    """
    return above(authorities(), region, organization_id)


def above(known: Mapping[str, str], region: str, organization_id: str | None) -> str | None:
    """Which of the known authorities, `{region: id}`, governs an organization of a region."""
    path = codes.path(region) if region in codes.regions() else ()
    for code in (*path, str(tk.config["ckanext.sdopen.portal.region"])):
        if code in known and known[code] != organization_id:
            return known[code]
    return None


def acts_for_authority(user_name: str | None) -> bool:
    """Whether the user is an administrator of a data authority."""
    user = model.User.get(user_name) if user_name else None
    if not user or not user.is_active:
        return False
    rows = model.Session.query(model.Member.id).filter(
        model.Member.table_name == "user",
        model.Member.table_id == user.id,
        model.Member.capacity == "admin",
        model.Member.state == model.State.ACTIVE,
        model.Member.group_id.in_(list(authorities().values())),
    )
    return bool(model.Session.query(rows.exists()).scalar())


def _governed_by(user: model.User, *columns: Any) -> Any:
    """The data authorities that a user administers, as a query of these columns."""
    group, member = model.Group, model.Member
    return (
        model.Session.query(*columns)
        .join(member, member.group_id == group.id)
        .filter(
            member.table_name == "user",
            member.table_id == user.id,
            member.capacity == "admin",
            member.state == model.State.ACTIVE,
            group.state == model.State.ACTIVE,
            group.is_organization.is_(True),
            group.extras["is_authority"].astext == "true",
        )
    )


def governs(user_name: str | None, region: str, but: Collection[str] = ()) -> bool:
    """Whether the user is an administrator of the data authority of a region or of one above.

    The authority of the portal's own region governs regions elsewhere too. Authorities of the
    ids `but` do not count: nobody governs itself.
    """
    user = model.User.get(user_name) if user_name else None
    if not user or not user.is_active:
        return False
    if user.sysadmin:
        return True
    above = codes.path(region) if region in codes.regions() else ()
    group = model.Group
    rows = _governed_by(user, group.id).filter(
        group.extras["region"].astext.in_([*above, tk.config["ckanext.sdopen.portal.region"]]),
        group.id.not_in(list(but)),
    )
    return bool(model.Session.query(rows.exists()).scalar())


def governing_of(user_name: str | None) -> Callable[[str], bool]:
    """What `governs` answers for a user, for many regions; one query."""
    user = model.User.get(user_name) if user_name else None
    if not user or not user.is_active:
        return lambda region: False
    if user.sysadmin:
        return lambda region: True
    own = {region for (region,) in _governed_by(user, model.Group.extras["region"].astext)}
    home = tk.config["ckanext.sdopen.portal.region"]

    def answer(region: str) -> bool:
        above = codes.path(region) if region in codes.regions() else ()
        return home in own or not own.isdisjoint(above)

    return answer


def organization_named(reference: str) -> model.Group:
    """The department of an id or a name; a validation error says where it is missing."""
    found = model.Group.get(reference) if reference else None
    if found is None or not found.is_organization or found.state != model.State.ACTIVE:
        message = tk._('There is no department "{name}"').format(name=reference)
        raise tk.ValidationError({"owner_org": [message]})
    return found


def the_user_id(context: Context) -> str | None:
    """The id of the caller, None for the site's own code."""
    user = model.User.get(context.get("user"))
    return user.id if user else None
