"""Index anew the entries that an account of many departments reads, when its departments change.

A change is one row, however often it happens before it is worked off. The drainer works it off a
portion at a time, and only while no entry waits: nobody who writes waits for it. Until then the
account finds less than it may read, never more (`access.scopes`).
"""

import uuid
from typing import Any

from ckan import model
from sqlalchemy import Select, delete, or_, select, update
from sqlalchemy.dialects.postgresql import insert

from ckanext.sdopen import codes
from ckanext.sdopen.access import labels, scopes
from ckanext.sdopen.directory import outbox
from ckanext.sdopen.directory.model import entries, scope_changes

PORTION = 1_000


def note(user_id: str) -> None:
    """Let the entries of an account be indexed anew, from the first; no commit."""
    change = uuid.uuid4().hex
    row = insert(scope_changes).values(user_id=user_id, change=change, reached="")
    again = {"change": change, "reached": ""}
    model.Session.execute(row.on_conflict_do_update(index_elements=["user_id"], set_=again))


def note_membership(user: model.User, more: int) -> None:
    """The same where the account has a scope, or gets one by `more` departments; no commit."""
    # one department may give two labels: its own, and one for the region that it governs
    if len(labels.all_user_labels(user)) + 2 * more > scopes.most():
        note(user.id)


def _within(region: str) -> list[str]:
    return [code for code in codes.regions() if region in codes.path(code)]


def _entries(own: list[str], after: str) -> Select[Any]:
    """The next ids of the entries that are not public and carry one of the labels, as a query."""
    departments = [one.removeprefix("member-") for one in own if one.startswith("member-")]
    governed = [one.removeprefix("authority-") for one in own if one.startswith("authority-")]
    regions = sorted({code for region in governed for code in _within(region)})
    return (
        select(entries.c.id)
        .where(entries.c.id > after)
        .where(or_(entries.c.private, entries.c.state != model.State.ACTIVE))
        .where(entries.c.state != model.State.DELETED)
        .where(or_(entries.c.owner_org.in_(departments), entries.c.region.in_(regions)))
        .order_by(entries.c.id)
        .limit(PORTION)
    )


def queue_portion() -> bool:
    """Queue the next entries of an account whose departments changed; whether there was one.

    One transaction, committed: what is queued and how far the account is go together.
    """
    row = model.Session.execute(select(scope_changes).limit(1)).first()
    if row is None:
        model.Session.rollback()
        return False
    scopes.forget()
    mine = (scope_changes.c.user_id == row.user_id) & (scope_changes.c.change == row.change)
    user = model.User.get(row.user_id)
    known = labels.all_user_labels(user) if user is not None else []
    own = [one for one in known if one.startswith(("member-", "authority-"))]
    ids = list(model.Session.scalars(_entries(own, row.reached))) if own else []
    outbox.enqueue(ids)
    if len(ids) < PORTION:
        model.Session.execute(delete(scope_changes).where(mine))
    else:
        model.Session.execute(update(scope_changes).where(mine).values(reached=ids[-1]))
    model.Session.commit()
    return True
