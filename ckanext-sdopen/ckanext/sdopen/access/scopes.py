"""Labels of users who belong to many departments: one label stands for a set of labels.

Solr takes a query of at most 1,024 clauses as it is shipped, and CKAN sends the user's labels with
each. A user with more labels than `ckanext.sdopen.access.labels_most` gets one in their place,
`scope-<hash of his labels of departments and regions>`; an entry carries that label exactly when it
carries one of the set. What a scope means is fixed by its hash, so an old label in the index never
opens more than its holders may see: whoever's departments change has another hash, and sees less
until his entries are indexed again.
"""

import hashlib
from collections.abc import Iterable, Sequence
from threading import Condition
from typing import Any

import ckan.plugins.toolkit as tk
from cachetools import TTLCache, cached
from ckan import model
from sqlalchemy import func

from ckanext.sdopen import codes

_CACHE_SECONDS = 60.0
_OWN = ("member-", "authority-")
# public, creator and government, which every officer has
_COMMON = 3


def most() -> int:
    """How many labels a query carries of one user; the common ones always fit."""
    return max(_COMMON + 1, int(tk.config["ckanext.sdopen.access.labels_most"]))


def _authorities(regions: Iterable[str]) -> list[str]:
    """The regions without those that lie within another: entries carry all regions above."""
    known = set(regions)
    return [
        region
        for region in sorted(known)
        if not known.intersection(codes.path(region)[1:] if region in codes.regions() else ())
    ]


def of_memberships(memberships: Sequence[tuple[str, str | None, str | None]]) -> list[str]:
    """The labels that (id, region, is_authority) of departments give: theirs, and of subtrees."""
    governed = [region for _, region, marked in memberships if marked == "true" and region]
    subtrees = _authorities(governed)
    labels = [f"member-{department}" for department, _, _ in memberships]
    return list(dict.fromkeys([*labels, *(f"authority-{region}" for region in subtrees)]))


def scope_of(labels: Iterable[str]) -> str:
    """The label that stands for a set of labels."""
    text = "\n".join(sorted(set(labels)))
    return f"scope-{hashlib.sha256(text.encode()).hexdigest()[:32]}"


def bounded(labels: Sequence[str]) -> list[str]:
    """The labels, at most `most()`: those of departments as one scope where they are more."""
    if len(labels) <= most():
        return list(labels)
    own = [label for label in labels if label.startswith(_OWN)]
    return [label for label in labels if label not in set(own)] + [scope_of(own)]


def _asked() -> dict[str, frozenset[str]]:
    """{scope: its labels} of all users with many departments; one query."""
    group, member, user = model.Group, model.Member, model.User
    region, marked = group.extras["region"].astext, group.extras["is_authority"].astext
    rows = (
        model.Session.query(
            member.table_id,
            func.array_agg(group.id),
            func.array_agg(func.coalesce(region, "")),
            func.array_agg(func.coalesce(marked, "")),
        )
        # by the accounts: most members of departments are entries
        .select_from(user)
        .join(member, member.table_id == user.id)
        .join(group, member.group_id == group.id)
        .filter(
            member.table_name == "user",
            member.state == model.State.ACTIVE,
            group.state == model.State.ACTIVE,
            group.is_organization.is_(True),
        )
        .group_by(member.table_id)
        # the common labels come on top; a department that is an authority may give two
        .having(func.count(group.id) > (most() - _COMMON) // 2)
    )
    found = {}
    for _, ids, regions, marks in rows:
        own = of_memberships(list(zip(ids, regions, marks, strict=True)))
        if len(own) + _COMMON > most():
            found[scope_of(own)] = frozenset(own)
    return found


@cached(TTLCache[Any, dict[str, frozenset[str]]](1, _CACHE_SECONDS), condition=Condition())
def known() -> dict[str, frozenset[str]]:
    """{scope: its labels}, at most a minute old: an old one opens nothing that it should not."""
    return _asked()


def holding(labels: Sequence[str]) -> list[str]:
    """The scopes of which an entry with these labels carries the label."""
    return sorted(scope for scope, own in known().items() if own.intersection(labels))


def forget() -> None:
    """Ask the database anew at the next entry."""
    known.cache_clear()
