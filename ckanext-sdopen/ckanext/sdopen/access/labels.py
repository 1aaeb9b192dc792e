"""Who may read an entry: labels of entries and of users; the same label on both sides opens it.

The roles that see an entry come from schemas/visibility.yaml; each role is a label. A user with
more labels than CKAN's query takes has one label for all his departments; see `scopes`.
"""

import hashlib
from collections.abc import Iterable
from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.lib.plugins import DefaultPermissionLabels, get_permission_labels
from flask import g, has_request_context

from ckanext.sdopen import codes
from ckanext.sdopen.access import entry_facts, scopes, visibility

_DEFAULT = DefaultPermissionLabels()
PUBLIC, GOVERNMENT = "public", "government"


def authorities_of(region: str) -> list[str]:
    """The data authorities above a region; the portal's own one governs regions elsewhere too."""
    path = codes.path(region) if region in codes.regions() else ()
    home = str(tk.config["ckanext.sdopen.portal.region"])
    return [f"authority-{code}" for code in dict.fromkeys((*path, home))]


def role_labels(entry: entry_facts.EntryFacts) -> dict[str, list[str]]:
    """The labels by which a user has a role towards an entry; sysadmins need none."""
    return {
        visibility.ANONYMOUS: [PUBLIC],
        visibility.GOVERNMENT: [GOVERNMENT],
        visibility.MEMBER: [f"member-{entry.owner_org}"],
        visibility.AUTHORITY: authorities_of(entry.region),
        visibility.CREATOR: [f"creator-{entry.creator}"] if entry.creator else [],
        visibility.SYSADMIN: [],
    }


def _opens(labels: Iterable[str], label: str) -> bool:
    """Whether whoever has a label passes one of these: who has a department has GOVERNMENT."""
    known = set(labels)
    of_department = label == GOVERNMENT or label.startswith(("member-", "authority-"))
    return bool(known & {PUBLIC, label}) or (GOVERNMENT in known and of_department)


def plain_labels(entry: entry_facts.EntryFacts) -> list[str]:
    """The labels of an entry, one or more for each role that sees it.

    An interface is seen by those only who see the catalog that it serves, too.
    """
    roles = visibility.roles_that_see(entry.state, entry.class_name)
    by_role = role_labels(entry)
    labels = list(dict.fromkeys(label for role in roles for label in by_role[role]))
    if visibility.ANONYMOUS in roles:
        labels = [PUBLIC]
    if entry.catalog is None:
        return labels
    above = plain_labels(entry.catalog)
    both = [one for one in labels if _opens(above, one)] + [
        one for one in above if _opens(labels, one)
    ]
    return list(dict.fromkeys(both))


def entry_labels(entry: model.Package) -> list[str]:
    """The labels of an entry, from its own row; the scopes that hold it are kept for a minute."""
    if not entry_facts.is_entry(entry):
        return list(_DEFAULT.get_dataset_labels(entry))
    labels = plain_labels(entry_facts.of_row(entry))
    return labels if labels == [PUBLIC] else [*labels, *scopes.holding(labels)]


def digest(labels: Iterable[str]) -> str:
    """What the index keeps of labels to be asked for: the field of labels itself is not kept."""
    text = "\n".join(sorted(labels))
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()


def sign(doc: dict[str, Any]) -> None:
    """Note in a Solr document the digest of the labels that it is about to get."""
    if "labels_digest" not in doc:
        entry = model.Package.get(doc["id"])
        found = get_permission_labels().get_dataset_labels(entry) if entry else []
        doc["labels_digest"] = digest(found)


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
    return labels + ([GOVERNMENT, *scopes.of_memberships(memberships)] if memberships else [])


def all_user_labels(user: model.User | None) -> list[str]:
    """Every label of a user, however many, asked for once in a request."""
    if not user or user.is_anonymous:
        return [PUBLIC]
    if not has_request_context():
        return _computed(user)
    known: dict[str, list[str]] = g.setdefault("sdopen_user_labels", {})
    if user.id not in known:
        known[user.id] = _computed(user)
    return list(known[user.id])


def user_labels(user: model.User | None) -> list[str]:
    """The labels of a user as queries take them: at most `scopes.most()`."""
    return scopes.bounded(all_user_labels(user))


def roles(entry: entry_facts.EntryFacts, user: model.User | None) -> frozenset[str]:
    """The roles of a user towards an entry; every user has that of anonymous, too."""
    if user and not user.is_anonymous and user.sysadmin:
        return frozenset(visibility.ROLES)
    return roles_of_labels(entry, all_user_labels(user))


def roles_of_labels(entry: entry_facts.EntryFacts, labels: Iterable[str]) -> frozenset[str]:
    """The roles towards an entry of somebody with these labels."""
    known = set(labels)
    return frozenset(
        role
        for role, opening in role_labels(entry).items()
        if role == visibility.ANONYMOUS or known.intersection(opening)
    )
