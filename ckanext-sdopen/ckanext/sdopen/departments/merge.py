"""Merging a department into another: entries, codes' prefixes and members move, nothing is lost.

Codes, ids and names of the entries stay. The department that ends keeps its row, deleted, which
says where its address leads.
"""

import contextlib
import json
from collections.abc import Iterator

from ckan import model
from sqlalchemy import delete, func, select, update
from sqlalchemy.dialects.postgresql import insert

from ckanext.sdopen.access import activities, entry_facts
from ckanext.sdopen.ckan_seams import activity_rows
from ckanext.sdopen.departments.validators import names_after
from ckanext.sdopen.directory import outbox
from ckanext.sdopen.directory.model import entries
from ckanext.sdopen.index import scope_changes, solr
from ckanext.sdopen.index.drain import drainer
from ckanext.sdopen.moments import now
from ckanext.sdopen.numbering.model import prefixes

MERGED = "merged_into"
_RELABELLED = 500
# seconds; more entries than are indexed by then show the new state a little later
PATIENCE = 5.0
# a chain of reforms is followed this far
_LONGEST = 20


def successor(department: model.Group) -> model.Group | None:
    """The department in which an ended one lives on, over all reforms since; None for another."""
    found = department
    for _ in range(_LONGEST):
        if found.state == model.State.ACTIVE:
            return None if found is department else found
        following = model.Session.get(model.Group, found.extras.get(MERGED) or "")
        if following is None:
            return None
        found = following
    return None


def entries_of(department: model.Group) -> Iterator[model.Package]:
    """The entries of a department, whatever their state; asked for when the first is wanted."""
    own = select(model.Package).where(model.Package.owner_org == department.id)
    found = model.Session.scalars(own.order_by(model.Package.id))
    yield from (entry for entry in found if entry_facts.is_entry(entry))


def _move_entries(old: model.Group, new: model.Group) -> list[str]:
    """Give the entries their new provider and its 统一社会信用代码; the ids of all of them."""
    package = model.Package
    ids = list(model.Session.scalars(select(package.id).where(package.owner_org == old.id)))
    code = new.extras.get("provider_code")
    extras = package.extras.op("-")("provider_code")
    if code:
        extras = extras.op("||")(func.jsonb_build_object("provider_code", code))
    moment = now()
    model.Session.execute(
        update(package)
        .where(package.owner_org == old.id)
        .values(owner_org=new.id, metadata_modified=moment, extras=extras)
        .execution_options(synchronize_session=False)
    )
    model.Session.execute(
        update(entries)
        .where(entries.c.owner_org == old.id)
        .values(owner_org=new.id, modified=moment, content_hash=None)
    )
    return ids


def _move_prefixes(old: model.Group, new: model.Group) -> None:
    """The codes of the ended department's prefixes are taken by the other one from now on."""
    held = select(prefixes.c.prefix).where(prefixes.c.organization_id == old.id)
    rows = [{"organization_id": new.id, "prefix": one} for one in model.Session.scalars(held)]
    if rows:
        model.Session.execute(insert(prefixes).on_conflict_do_nothing(), rows)
    model.Session.execute(delete(prefixes).where(prefixes.c.organization_id == old.id))


def _members(department: model.Group) -> list[model.Member]:
    """Users of a department, and its place under its data authority."""
    return list(
        model.Session.query(model.Member).filter(
            model.Member.group_id == department.id,
            model.Member.state == model.State.ACTIVE,
        )
    )


def _move_members(old: model.Group, new: model.Group, with_users: bool) -> int:
    """End the memberships of the old department; its users join the new one where wanted."""
    there = {member.table_id for member in _members(new) if member.table_name == "user"}
    moved = 0
    for member in _members(old):
        member.state = model.State.DELETED
        if with_users and member.table_name == "user" and member.table_id not in there:
            joined = model.Member(
                group=new,
                table_name="user",
                table_id=member.table_id,
                capacity=member.capacity,
            )
            scope_changes.note_membership(model.User.get(member.table_id), 1)
            model.Session.add(joined)
            moved += 1
    return moved


def _record(old: model.Group, new: model.Group, user_id: str) -> None:
    for group, kind in ((old, "deleted organization"), (new, "changed organization")):
        data = {"group": {"id": group.id, "name": group.name, "title": group.title}}
        data["merged"] = {"from": old.name, "into": new.name}
        activity_rows.add(user_id, group.id, kind, data)


def _keep_names(old: model.Group, new: model.Group) -> None:
    """The new department is found by the old one's name and former names."""
    names = names_after(None, new, new.title)
    gained = [*names_after(None, old, ""), old.title]
    names += [name for name in dict.fromkeys(gained) if name not in (*names, new.title)]
    new.extras = {**new.extras, "former_names": json.dumps(names, ensure_ascii=False)}
    old.extras = {**old.extras, MERGED: new.id}
    old.state = model.State.DELETED


def merged(old: model.Group, new: model.Group, with_users: bool, user_id: str) -> tuple[int, int]:
    """Merge a department into another in one transaction, which queues what moved for the index.

    Nobody has the labels of the ended department: what waits for its index is seen by fewer, never
    by more.

    Returns:
        How many entries, and how many members, moved.
    """
    moved = _move_entries(old, new)
    _move_prefixes(old, new)
    members = _move_members(old, new, with_users)
    _keep_names(old, new)
    _record(old, new, user_id)
    _relabel(moved)
    outbox.enqueue(moved)
    model.Session.commit()
    model.Session.expire_all()
    await_index()
    return len(moved), members


def _relabel(ids: list[str]) -> None:
    """The activities of what moved are read by whoever reads it under its new provider."""
    model.Session.flush()
    model.Session.expire_all()
    for start in range(0, len(ids), _RELABELLED):
        batch = ids[start : start + _RELABELLED]
        for entry in model.Session.query(model.Package).filter(model.Package.id.in_(batch)):
            activities.relabel(entry)


def queue_entries(department: model.Group) -> int:
    """Queue a department's entries for the index; how many they are. No commit."""
    package = model.Package
    return outbox.enqueue_selected(
        select(package.id).where(
            package.owner_org == department.id, package.state != model.State.DELETED
        )
    )


def await_index() -> None:
    """Wait a little until what was queued can be found; more than fits in is left to the indexer.

    Without Solr everything waits in the outbox.
    """
    version = outbox.highest()
    model.Session.rollback()
    with contextlib.suppress(solr.SolrSilent):
        drainer.drain_until(version, PATIENCE)
