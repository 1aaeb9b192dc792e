"""The data authority of a region: at most one, and the departments under it."""

import ckan.plugins.toolkit as tk
from ckan import model
from sqlalchemy import func, select

from ckanext.sdopen import codes
from ckanext.sdopen.access.authority import above, authorities

# the lock under which a region gets its data authority
_LOCK = 0x5D09


def other_authority(region: str, but: str) -> model.Group | None:
    """The active data authority of a region besides the organization `but`.

    It is asked under a lock that lasts until the transaction ends: of two organizations that
    become the authority of one region at the same moment, the later finds the earlier.
    """
    number = int(region) if region.isdigit() else 0
    model.Session.execute(select(func.pg_advisory_xact_lock(_LOCK, number)))
    found: model.Group | None = (
        model.Session.query(model.Group)
        .filter(
            model.Group.is_organization.is_(True),
            model.Group.state == model.State.ACTIVE,
            model.Group.extras["is_authority"].astext == "true",
            model.Group.extras["region"].astext == region,
            model.Group.id != but,
        )
        .first()
    )
    return found


def place_again(*regions: str) -> int:
    """Put the departments of regions and those in them under their authorities as they are now.

    To be called when a region gets, loses or changes its authority; no commit.

    Returns:
        How many departments have another authority than before.
    """
    group, member = model.Group, model.Member
    placed = (
        model.Session.query(group.id, group.extras["region"].astext, member)
        .outerjoin(
            member,
            (member.group_id == group.id)
            & (member.table_name == "group")
            & (member.state == model.State.ACTIVE),
        )
        .filter(group.is_organization.is_(True), group.state == model.State.ACTIVE)
    )
    known, home = authorities(), str(tk.config["ckanext.sdopen.portal.region"])
    changed = 0
    for department, own, place in placed.all():
        path = codes.path(own) if own in codes.regions() else ()
        if not {home, *path} & set(regions):
            continue
        wanted = above(known, own, department)
        if wanted == (place.table_id if place else None):
            continue
        changed += 1
        if place:
            place.state = model.State.DELETED
        if wanted:
            child = model.Session.get(group, department)
            model.Session.add(
                member(group=child, table_name="group", table_id=wanted, capacity="public")
            )
    return changed
