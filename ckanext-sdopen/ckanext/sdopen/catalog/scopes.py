"""Labels of users who belong to many departments: one label stands for a set of labels.

Solr takes a query of at most some 1,500 clauses, and CKAN sends the user's labels with each. A
user with more than MOST labels gets `scope-<hash of his labels of departments and regions>` in
their place; an entry carries that label exactly when it carries one of the set. What a scope
means is fixed by its hash, so an old label in the index never opens more than its holders may see:
whoever's departments change has another hash, and sees less until his entries are indexed again.
"""

import hashlib
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from ckan import model
from sqlalchemy import func

from ckanext.sdopen import codes

MOST = 20
_KEPT_SECONDS = 60.0
_OWN = ("member-", "authority-")


@dataclass
class _Kept:
    scopes: dict[str, frozenset[str]] = field(default_factory=dict)
    until: float = 0.0


_KEPT = _Kept()


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
    """The labels, at most MOST of them: those of departments as one scope where they are more."""
    if len(labels) <= MOST:
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
        # the labels public, creator and government come on top; one for an authority may, too
        .having(func.count(group.id) > (MOST - 3) // 2)
    )
    found = {}
    for _, ids, regions, marks in rows:
        own = of_memberships(list(zip(ids, regions, marks, strict=True)))
        if len(own) + 3 > MOST:
            found[scope_of(own)] = frozenset(own)
    return found


def known() -> dict[str, frozenset[str]]:
    """{scope: its labels}, at most a minute old: an old one opens nothing that it should not."""
    now = time.monotonic()
    if now >= _KEPT.until:
        _KEPT.scopes, _KEPT.until = _asked(), now + _KEPT_SECONDS
    return _KEPT.scopes


def holding(labels: Sequence[str]) -> list[str]:
    """The scopes of which an entry with these labels carries the label."""
    return sorted(scope for scope, own in known().items() if own.intersection(labels))


def forget() -> None:
    """Ask the database anew at the next entry."""
    _KEPT.until = 0.0
