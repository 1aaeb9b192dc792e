"""Who may read an entry: labels of entries and of users; the same label on both sides opens it."""

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.lib.plugins import DefaultPermissionLabels
from flask import g, has_request_context

from ckanext.sdopen import codes
from ckanext.sdopen.catalog import classes
from ckanext.sdopen.catalog.standard import KINDS

_DEFAULT = DefaultPermissionLabels()
PUBLIC, GOVERNMENT = "public", "government"


def _authorities(region: str) -> list[str]:
    """The data authorities above a region; the portal's own one governs regions elsewhere too."""
    path = codes.path(region) if region in codes.regions() else ()
    home = str(tk.config["ckanext.sdopen.portal.region"])
    return [f"authority-{code}" for code in dict.fromkeys((*path, home))]


def entry_labels(entry: model.Package) -> list[str]:
    """The labels of an entry, from its own row: no query."""
    opening = entry.extras.get("opening")
    if entry.type not in KINDS or not opening:
        return list(_DEFAULT.get_dataset_labels(entry))
    member = f"member-{entry.owner_org}"
    if entry.state != model.State.ACTIVE:
        # whoever makes a draft finds it again, also an authority that works for a department
        return [member, f"creator-{entry.creator_user_id}"]
    who = classes.audience(entry.extras.get("sharing"), opening)
    if who == classes.PUBLIC:
        return [PUBLIC]
    closed = [member, *_authorities(entry.extras.get("region", ""))]
    return [GOVERNMENT, *closed] if who == classes.GOVERNMENT else closed


def _memberships(user_id: str) -> list[tuple[str, str | None, str | None]]:
    """(id, region, is_authority) of the active departments of a user; one query."""
    group, member = model.Group, model.Member
    rows = (
        model.Session.query(
            group.id, group.extras["region"].astext, group.extras["is_authority"].astext
        )
        .join(member, member.group_id == group.id)
        .filter(
            member.table_name == "user",
            member.table_id == user_id,
            member.state == model.State.ACTIVE,
            group.state == model.State.ACTIVE,
            group.is_organization.is_(True),
        )
    )
    return [tuple(row) for row in rows]


def _computed(user: model.User) -> list[str]:
    labels = [PUBLIC, f"creator-{user.id}"]
    memberships = _memberships(user.id)
    if memberships:
        labels.append(GOVERNMENT)
    for department, region, is_authority in memberships:
        labels.append(f"member-{department}")
        if is_authority == "true" and region:
            labels.append(f"authority-{region}")
    return list(dict.fromkeys(labels))


def user_labels(user: model.User | None) -> list[str]:
    """The labels of a user, asked for once in a request."""
    if not user or user.is_anonymous:
        return [PUBLIC]
    if not has_request_context():
        return _computed(user)
    known: dict[str, list[str]] = g.setdefault("sdopen_user_labels", {})
    if user.id not in known:
        known[user.id] = _computed(user)
    return list(known[user.id])
