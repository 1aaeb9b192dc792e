"""Load the sample province into the portal: in phases, each of which a rerun continues."""

from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import Any, TypeVar

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.types import Context

from ckanext.sdopen.catalog.authority import governing
from ckanext.sdopen.portal import topics
from ckanext.sdopen.sample.province import Province
from ckanext.sdopen.sample.records import Department, Entry
from ckanext.sdopen.sample.table_files import resources_of
from ckanext.sdopen.search import indexing

BATCH = 40
T = TypeVar("T")
Told = Callable[[int], None]


def site_context() -> Context:
    """A context of the site's own user, whom no rule stops."""
    site_user = tk.get_action("get_site_user")({"ignore_auth": True}, {})
    return Context(user=site_user["name"], ignore_auth=True)


def batches(items: Iterable[T], size: int) -> Iterator[list[T]]:
    """Lists of at most `size` of the items, in their order."""
    stream = iter(items)
    while batch := list(islice(stream, size)):
        yield batch


def known(table: Any, ids: list[str]) -> set[str]:
    """Those of the ids that the table holds."""
    return {row[0] for row in model.Session.query(table.id).filter(table.id.in_(ids))}


def load_topics(told: Told) -> None:
    """Make the topics of the code list that the portal lacks."""
    for _ in topics.make():
        told(1)


def _group(department: Department) -> model.Group:
    payload = department.payload()
    group = model.Group(name=payload.pop("name"), title=payload.pop("title"), type="organization")
    group.id = payload.pop("id")
    group.is_organization = True
    group.extras = {name: str(value) for name, value in payload.items()}
    return group


def load_departments(province: Province, told: Told) -> None:
    """Make the departments that the portal lacks, set-based: the generator's own, already valid.

    organization_create takes 50 ms each; these rows are what it leaves, parents included.
    """
    for batch in batches(province.departments(), 100):
        have = known(model.Group, [department.id for department in batch])
        new = [(one, _group(one)) for one in batch if one.id not in have]
        model.Session.add_all(group for _, group in new)
        model.Session.flush()
        for department, group in new:
            parent = governing(department.region, department.id)
            if parent:
                # the group itself: a Member made with its id alone is saved without it
                member = model.Member(
                    group=group, table_name="group", table_id=parent, capacity="public"
                )
                model.Session.add(member)
        model.Session.commit()
        told(len(batch))


def _create(entries: Iterable[Entry]) -> None:
    create, user = tk.get_action("package_create"), site_context()["user"]
    for entry in entries:
        context = Context(user=user, ignore_auth=True, defer_commit=True, return_id_only=True)
        create(context, {**entry.payload, "resources": resources_of(entry)})


def load_entries(entries: Iterable[Entry], told: Told) -> None:
    """Create the entries that the portal lacks, by CKAN's own action, and index them in batches.

    The action saves without commit and without its own index; a batch commits, then is indexed.
    Nobody did this work: it leaves no activities, a third of the time an entry takes.
    """
    with tk.signals.action_succeeded.muted():
        _load_entries(entries, told)


def _load_entries(entries: Iterable[Entry], told: Told) -> None:
    for batch in batches(entries, BATCH):
        have = known(model.Package, [entry.id for entry in batch])
        new = [entry for entry in batch if entry.id not in have]
        _create(new)
        model.Session.commit()
        indexing.index_entries([entry.id for entry in new])
        model.Session.remove()
        told(len(batch))


def index_forgotten(entries: Iterable[Entry]) -> int:
    """Index entries that an interrupted load has saved and not indexed.

    Returns:
        How many they were.
    """
    forgotten = 0
    indexing.make_visible()
    for batch in batches(entries, 200):
        ids = indexing.missing([entry.id for entry in batch])
        forgotten += indexing.index_entries(ids) if ids else 0
        model.Session.remove()
    indexing.make_visible()
    return forgotten


def share_of(items: Iterable[T], share: int, shares: int) -> Iterator[T]:
    """Every `shares`-th of the items, for processes that load side by side."""
    return islice(items, share, None, shares)
