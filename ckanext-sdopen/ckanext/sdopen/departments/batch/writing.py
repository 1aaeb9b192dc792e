"""What a batch of groups leaves besides their rows: places, administrators, activities."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from ckan import model, plugins
from ckan.lib.dictization import table_dictize
from ckan.plugins import plugin_loaded
from ckan.types import Context
from sqlalchemy import select

from ckanext.sdopen.access import authority
from ckanext.sdopen.ckan_seams import activity_rows
from ckanext.sdopen.departments import governing
from ckanext.sdopen.departments.batch.group_types import Sort
from ckanext.sdopen.departments.batch.record import CREATED, UNCHANGED, UPDATED, Candidate
from ckanext.sdopen.directory import outbox


def set_results(candidates: Sequence[Candidate]) -> None:
    """Say of every sound record what it did."""
    for candidate in candidates:
        if candidate.stored is None:
            candidate.result = CREATED
        else:
            candidate.result = UPDATED if candidate.is_changed else UNCHANGED


def place(candidates: Sequence[Candidate]) -> None:
    """Put departments under their authorities."""
    groups = [c.group for c in candidates if c.group is not None]
    query = model.Session.query(model.Member).filter(
        model.Member.table_name == "group", model.Member.group_id.in_([g.id for g in groups])
    )
    known: dict[str, list[model.Member]] = defaultdict(list)
    for row in query:
        known[str(row.group_id)].append(row)
    authorities = authority.authorities()
    for group in groups:
        region = str(group.extras.get("region") or "")
        above = authority.above(authorities, region, group.id)
        if above is not None:
            _place(group, above, known[group.id])


def _place(group: model.Group, above: str, rows: Iterable[model.Member]) -> None:
    found = False
    for row in rows:
        is_wanted = row.table_id == above and row.capacity == "public"
        found = found or is_wanted
        row.state = model.State.ACTIVE if is_wanted else model.State.DELETED
    if not found:
        # the group itself: a member made with its id alone is saved without it
        row = model.Member(group=group, table_name="group", table_id=above, capacity="public")
        model.Session.add(row)


def appoint(candidates: Iterable[Candidate], sort: Sort, user_id: str) -> None:
    """Make the account the administrator of what it created and does not govern anyhow."""
    governs = authority.governing_of(user_id) if sort.is_organization else lambda region: False
    for candidate in candidates:
        region = str(candidate.group.extras.get("region") or "") if candidate.group else ""
        if candidate.result == CREATED and not governs(region):
            row = model.Member(
                group=candidate.group, table_name="user", table_id=user_id, capacity="admin"
            )
            model.Session.add(row)


def record(candidates: Iterable[Candidate], sort: Sort, user_id: str) -> None:
    """Leave the activities that the actions leave."""
    if not plugin_loaded("activity"):
        return
    for candidate in candidates:
        group = candidate.group
        if group is None or candidate.result not in (CREATED, UPDATED):
            continue
        verb = "new" if candidate.result == CREATED else "changed"
        verb = "deleted" if group.state == model.State.DELETED else verb
        data: dict[str, Any] = {"group": table_dictize(group, Context())}
        activity_rows.add(user_id, group.id, f"{verb} {sort.noun}", data)


def notify_plugins(candidates: Iterable[Candidate], sort: Sort) -> None:
    """Call the hooks that the actions call."""
    of_sort: Any = (
        plugins.IOrganizationController if sort.is_organization else plugins.IGroupController
    )
    for plugin in plugins.PluginImplementations(of_sort):
        for candidate in candidates:
            if candidate.result == CREATED:
                plugin.create(candidate.group)
            elif candidate.result == UPDATED:
                plugin.edit(candidate.group)


def queue_members(topics: Sequence[str]) -> None:
    """Queue the packages that are members of topics' groups for the index; they hold their titles.

    Entries hold their topics by code, and show the titles of the code list. No commit.
    """
    member = model.Member
    outbox.enqueue_selected(
        select(member.table_id)
        .where(
            member.group_id.in_(topics),
            member.table_name == "package",
            member.state == model.State.ACTIVE,
        )
        .distinct()
    )


def follow(candidates: Sequence[Candidate], sort: Sort) -> None:
    """What hangs on groups: departments under new authorities, entries that hold other names."""
    if not sort.is_organization:
        changed = [c.group.id for c in candidates if c.stored is not None and c.group is not None]
        if changed:
            queue_members(changed)
        return
    regions = {region for candidate in candidates for region in candidate.regions}
    if regions:
        governing.place_again(*regions)
    renamed = [c.group.id for c in candidates if c.is_renamed and c.group is not None]
    if renamed:
        package = model.Package
        held = select(package.id).where(
            package.owner_org.in_(renamed), package.state != model.State.DELETED
        )
        outbox.enqueue(model.Session.scalars(held))
